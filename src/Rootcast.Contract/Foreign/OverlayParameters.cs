using System.Globalization;

namespace Rootcast.Contract.Foreign;

/// <summary>Where what is written goes, and whether the image is copied into memory.</summary>
internal static class OverlayParameters
{
    /// <summary>Said in <c>rootcast.overlay.layout</c>: the directories have live-boot's names and persistence.conf decides.</summary>
    public const string LiveBootLayout = "live-boot";

    /// <summary>Said in <c>rootcast.overlay.layout</c>: the path is the upper directory, and <c>ovlwork</c> stands beside it.</summary>
    public const string DracutLayout = "dracut";

    public static void Translate(ForeignLine line, bool liveBoot)
    {
        if (line.On("rd.live.ram", "live_ram") is { } toRam)
        {
            line.Emit(toRam.Text, "rootcast.toram", null);
        }
        if (liveBoot)
        {
            LiveBoot(line);
            return;
        }
        if (line.Last("rd.live.overlay.size") is { } size)
        {
            if (int.TryParse(size.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int megabytes) && megabytes > 0)
            {
                line.Emit(size.Text, "rootcast.overlay.size", $"{megabytes}M");
            }
            else
            {
                line.Refuse(size, "it is no number of megabytes");
            }
        }
        // A flat image has overlayfs anyway; one with a file system in it gets it instead of a snapshot.
        if (line.On("rd.live.overlay.overlayfs", "rd.overlayfs", "rd.overlay") is { Value: not "none" } overlayfs)
        {
            line.Emit(overlayfs.Text, "rootcast.overlay.layout", DracutLayout);
        }
        FoundArgument? named = line.Last("rd.overlay") is { Value: not ("" or "1" or "0" or "yes" or "no" or "on" or "off") } since110
            ? since110
            : line.Last("rd.live.overlay");
        if (named is { } overlay)
        {
            Device(line, overlay);
        }
        if (line.On("rd.overlay.reset", "rd.live.overlay.reset") is { } reset)
        {
            line.Emit(reset.Text, "rootcast.overlay.reset", null);
        }
        if (line.On("rd.overlay.readonly", "rd.live.overlay.readonly") is { } readOnly)
        {
            line.Emit(readOnly.Text, "rootcast.overlay.readonly", null);
        }
    }

    private static void Device(ForeignLine line, FoundArgument overlay)
    {
        if (string.Equals(overlay.Value, "none", StringComparison.OrdinalIgnoreCase))
        {
            line.Emit(overlay.Text, "rootcast.overlay", "none");
            return;
        }
        int colon = overlay.Value.IndexOf(':', StringComparison.Ordinal);
        string name = colon < 0 ? overlay.Value : overlay.Value[..colon];
        string path = colon < 0 ? "" : overlay.Value[(colon + 1)..];
        if (DeviceName.Of(name) is not { } device)
        {
            line.Refuse(overlay, "init looks for LABEL=, UUID= or /dev/…; what is written stays in memory");
            return;
        }
        line.Emit(overlay.Text, "rootcast.overlay", device);
        if (path is not ("" or "auto"))
        {
            line.Emit(overlay.Text, "rootcast.overlay.path", "/" + path.Trim('/'));
            if (!overlay.Argument.Is("rd.overlay"))
            {
                line.Emit(overlay.Text, "rootcast.overlay.layout", DracutLayout);
            }
        }
    }

    private static void LiveBoot(ForeignLine line)
    {
        if (line.Last("overlay-size") is { } size)
        {
            if (SizeBound.TryParse(size.Value, out SizeBound bound))
            {
                line.Emit(size.Text, "rootcast.overlay.size", bound.ToString());
            }
            else
            {
                line.Refuse(size, "it is no size");
            }
        }
        if (line.On("persistence") is not { } persistence || line.On("nopersistence") is not null)
        {
            return;
        }
        string label = line.Last("persistence-label")?.Value is { Length: > 0 } given ? given : "persistence";
        line.Emit(persistence.Text, "rootcast.overlay", "LABEL=" + label);
        line.Emit(persistence.Text, "rootcast.overlay.path", "/");
        line.Emit(persistence.Text, "rootcast.overlay.layout", LiveBootLayout);
        if (line.On("persistence-read-only") is { } readOnly)
        {
            line.Emit(readOnly.Text, "rootcast.overlay.readonly", null);
        }
    }
}
