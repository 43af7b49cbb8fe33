using Rootcast.Contract;
using Rootcast.Images.Boot;
using Rootcast.Lab.Measuring;

namespace Rootcast.Lab.Peers;

/// <summary>One of our artefacts under the initramfs of others, as a row of a measuring.</summary>
/// <param name="Name">In place of a form's name: <c>dracut-106-flat</c>.</param>
/// <param name="Initramfs">Whose.</param>
/// <param name="Form">Of the artefact.</param>
/// <param name="Carrier">What brings it.</param>
/// <param name="ToRam">Whether it is copied into memory first.</param>
public sealed record Peer(string Name, PeerInitramfs Initramfs, Form Form, Carrier Carrier, bool ToRam = false)
{
    /// <summary>All of them: live-boot from a disk, <c>toram</c> and <c>fetch=</c>, dracut's <c>root=live:http…</c> with a squashfs and with an image in one.</summary>
    public static IReadOnlyList<Peer> All { get; } =
    [
        new("live-boot", PeerInitramfs.LiveBoot, Form.Squashfs, Carrier.Disk),
        new("live-boot-toram", PeerInitramfs.LiveBoot, Form.Squashfs, Carrier.Disk, ToRam: true),
        new("live-boot", PeerInitramfs.LiveBoot, Form.Squashfs, Carrier.Http),
        new("dracut-106-flat", PeerInitramfs.Dracut106, Form.Squashfs, Carrier.Http),
        new("dracut-106-nested", PeerInitramfs.Dracut106, Form.Livefs, Carrier.Http),
    ];

    /// <summary>The peer of a cell; null where it is one of our forms, or something that a later Rootcast knows.</summary>
    public static Peer? Of(MeasureCell cell)
    {
        foreach (Peer peer in All)
        {
            if (peer.Name == cell.Form && Names.Of(peer.Carrier) == cell.Carrier)
            {
                return peer;
            }
        }
        return null;
    }

    /// <summary>The cell of a peer.</summary>
    public MeasureCell CellOf(long memoryBytes) => new(Name, Names.Of(Carrier), memoryBytes);
}
