namespace Rootcast.Contract.Foreign;

/// <summary>live-boot's <c>boot=live</c>: where the medium is, or what is fetched instead.</summary>
internal static class LiveBootSource
{
    /// <summary>False when the line is not live-boot's.</summary>
    public static bool Translate(ForeignLine line)
    {
        if (line.Last("boot") is not { Value: "live" } boot)
        {
            return false;
        }
        string directory = line.Last("live-media-path")?.Value.Trim('/') is { Length: > 0 } given ? given : "live";
        FoundArgument? fetch = line.Last("fetch", "httpfs", "ftpfs");
        FoundArgument? iso = line.Last("findiso", "fromiso", "isofrom");
        FoundArgument? media = line.Last("live-media", "bootfrom");
        int text = Math.Max(Math.Max(boot.Text, fetch?.Text ?? 0), Math.Max(iso?.Text ?? 0, media?.Text ?? 0));
        if (fetch is { } url && !IsFetchable(url.Value))
        {
            line.Refuse(url, "init fetches by http from a server that is named");
            return true;
        }
        line.ReplacePlace(text);
        line.Emit(text, "rootcast.form", Names.Of(Form.Squashfs));
        if (fetch is { } from)
        {
            line.Emit(text, "rootcast.carrier", Names.Of(Carrier.Http));
            line.Emit(text, "rootcast.url", from.Value);
        }
        else
        {
            line.Emit(text, "rootcast.carrier", Names.Of(Carrier.Disk));
            Medium(line, text, iso, media);
        }
        line.Emit(text, "rootcast.inside", $"{directory}/*.squashfs");
        if (line.On("toram") is { } toRam)
        {
            line.Emit(toRam.Text, "rootcast.toram", null);
        }
        return true;
    }

    private static void Medium(ForeignLine line, int text, FoundArgument? iso, FoundArgument? media)
    {
        if (iso is { } file)
        {
            (string? device, string path) = file.Argument.Is("findiso") ? (null, file.Value) : Split(file.Value);
            Device(line, text, device);
            line.Emit(text, "rootcast.path", path);
            return;
        }
        string? named = media is { } medium ? DeviceName.Of(medium.Value) : null;
        if (media is { } unknown && named is null)
        {
            line.Refuse(unknown, "every disk is looked at instead");
        }
        Device(line, text, named);
    }

    /// <summary>Where none is named every disk is looked at.</summary>
    private static void Device(ForeignLine line, int text, string? device)
    {
        if (device is not null)
        {
            line.Emit(text, "rootcast.device", device);
        }
    }

    /// <summary><c>/dev/sda1/images/x.iso</c>: a device, and a file on it.</summary>
    private static (string? Device, string Path) Split(string text)
    {
        const string devices = "/dev/";
        if (!text.StartsWith(devices, StringComparison.Ordinal))
        {
            return (null, text);
        }
        const string byName = "/dev/disk/by-";
        int start = text.StartsWith(byName, StringComparison.Ordinal) ? text.IndexOf('/', byName.Length) + 1 : devices.Length;
        int end = text.IndexOf('/', start);
        return end < 0 ? (null, text) : (DeviceName.Of(text[..end]), text[end..]);
    }

    private static bool IsFetchable(string url) =>
        !url.Contains(":///", StringComparison.Ordinal)
        && (url.StartsWith("http://", StringComparison.Ordinal) || url.StartsWith("https://", StringComparison.Ordinal));
}
