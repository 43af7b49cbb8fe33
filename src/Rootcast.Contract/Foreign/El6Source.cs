using System.Globalization;

namespace Rootcast.Contract.Foreign;

/// <summary>The line of the article on EL6 with its root on tmpfs: <c>root=/x.iso rootfstype=auto rw liveimg toram size=4096</c>. The tree
/// is in the initrd, and its files go to a tmpfs of so many megabytes.</summary>
internal static class El6Source
{
    private const string DefaultSize = "2048";

    /// <summary>False when it is another line.</summary>
    public static bool Translate(ForeignLine line)
    {
        if (
            line.On("liveimg") is not { } image
            || line.On("toram") is not { } toRam
            || (line.Last("root") is { } there && !IsInitrdFile(there.Value))
        )
        {
            return false;
        }
        FoundArgument? size = line.Last("size");
        string megabytes = size?.Value ?? DefaultSize;
        if (!int.TryParse(megabytes, NumberStyles.None, CultureInfo.InvariantCulture, out int amount) || amount == 0)
        {
            line.Refuse(size!.Value, $"it is no number of megabytes; {DefaultSize} is used");
            megabytes = DefaultSize;
        }
        // What the initrd's own plan says of its payload stands: the line only says that the payload is to be booted.
        line.Emit(ForeignLine.Default, "rootcast.form", Names.Of(Form.Tmpfs));
        line.Emit(ForeignLine.Default, "rootcast.inside", "auto");
        int text = Math.Max(image.Text, Math.Max(toRam.Text, size?.Text ?? 0));
        if (line.Last("root") is { } root)
        {
            line.Emit(text, "rootcast.path", root.Value);
        }
        line.Emit(text, "rootcast.carrier", Names.Of(Carrier.Initrd));
        line.Emit(text, "rootcast.size", megabytes + "M");
        line.Emit(text, "rootcast.overlay.size", megabytes + "M");
        line.Notes.Add($"liveimg toram: the tree in the initrd, at most {megabytes} MiB");
        return true;
    }

    private static bool IsInitrdFile(string root) => root.StartsWith('/') && !root.StartsWith("/dev/", StringComparison.Ordinal);
}
