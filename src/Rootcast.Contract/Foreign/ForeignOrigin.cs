namespace Rootcast.Contract.Foreign;

/// <summary>Whose initramfs a kernel parameter comes from.</summary>
public enum ForeignOrigin
{
    /// <summary>The article of 2013 on EL6 with its root on tmpfs; its words count in a line with <c>liveimg</c>.</summary>
    El6,

    /// <summary>dracut's dracut.cmdline(7), of all versions.</summary>
    Dracut,

    /// <summary>live-boot's live-boot(7); its words count in a line with <c>boot=live</c>.</summary>
    LiveBoot,

    /// <summary>initramfs-tools' initramfs-tools(7), and what boot loaders write for all of them.</summary>
    InitramfsTools,
}
