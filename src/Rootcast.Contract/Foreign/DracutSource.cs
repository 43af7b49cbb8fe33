namespace Rootcast.Contract.Foreign;

/// <summary>dracut's <c>root=live:…</c> (modules dmsquash-live and livenet): where the live image is.</summary>
internal static class DracutSource
{
    private const string Live = "live:";

    /// <summary>False when the line asks for no live image.</summary>
    public static bool Translate(ForeignLine line)
    {
        FoundArgument? image = line.On("rd.live.image", "liveimg");
        if (line.Last("root") is not { } root)
        {
            if (image is { } alone)
            {
                line.Refuse(alone, "no root= says where the live image is");
            }
            return false;
        }
        bool said = root.Value.StartsWith(Live, StringComparison.Ordinal);
        if (!said && image is null && !IsHttp(root.Value))
        {
            return false;
        }
        string place = said ? root.Value[Live.Length..] : root.Value;
        int text = said || image is null ? root.Text : Math.Max(root.Text, image.Value.Text);
        if (PlaceOf(place) is not var (carrier, key, value))
        {
            line.Refuse(root, WhyNot(place));
            return true;
        }
        bool writable = line.On("rd.writable.fsimg") is not null;
        line.ReplacePlace(text);
        line.Emit(text, "rootcast.form", Names.Of(writable ? Form.Ramdisk : Form.Squashfs));
        line.Emit(text, "rootcast.carrier", Names.Of(carrier));
        line.Emit(text, key, value);
        line.Emit(text, "rootcast.inside", Inside(line));
        line.Notes.Add($"{root} is {key}={value}");
        return true;
    }

    /// <summary>Where init has to look; null when it can't.</summary>
    private static (Carrier Carrier, string Key, string Value)? PlaceOf(string place) =>
        IsHttp(place) ? (Carrier.Http, "rootcast.url", place)
        : DeviceName.Of(place) is { } device ? (Carrier.Disk, "rootcast.device", device)
        : place.StartsWith('/') && !place.StartsWith("/dev/", StringComparison.Ordinal) ? (Carrier.Initrd, "rootcast.path", place)
        : null;

    private static string WhyNot(string place) =>
        place.Contains("://", StringComparison.Ordinal) || place.StartsWith("nfs:", StringComparison.Ordinal)
            ? "init fetches by http only"
            : "init looks for LABEL=, UUID=, /dev/…, http://… or the path of a file in the initramfs";

    /// <summary>Where the root's image is, if what is found holds one and is not one.</summary>
    private static string Inside(ForeignLine line)
    {
        string? directory = line.Last("rd.live.dir", "live_dir")?.Value;
        string? file = line.Last("rd.live.squashimg")?.Value;
        return string.IsNullOrEmpty(directory) && string.IsNullOrEmpty(file)
            ? "auto"
            : $"{(string.IsNullOrEmpty(directory) ? "LiveOS" : directory.Trim('/'))}/{(string.IsNullOrEmpty(file) ? "squashfs.img" : file)}";
    }

    private static bool IsHttp(string place) =>
        place.StartsWith("http://", StringComparison.Ordinal) || place.StartsWith("https://", StringComparison.Ordinal);
}
