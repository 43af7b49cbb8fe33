namespace Rootcast.Contract;

/// <summary>Where on an overlay's device the upper half and its work directory are: <c>rootcast.overlay.layout</c>.</summary>
public enum OverlayLayout
{
    /// <summary><c>upper</c> and <c>work</c> in the overlay's path.</summary>
    Rootcast,

    /// <summary>dracut's: the overlay's path is the upper half, and <c>ovlwork</c> stands beside it.</summary>
    Dracut,

    /// <summary>live-boot's: <c>rw</c> and <c>work</c> at the top, if <c>persistence.conf</c> there says <c>/ union</c>. Without the device what is
    /// written goes to memory.</summary>
    LiveBoot,
}
