namespace Rootcast.Images.Initrds;

/// <summary>The segments of an initrd, in the order in which they stand.</summary>
public enum SegmentKind
{
    /// <summary>Updates for the processor: uncompressed and first, because the kernel takes them before it can unpack anything.</summary>
    Microcode,

    /// <summary><c>/init</c>, modules and what else every machine gets.</summary>
    Base,

    /// <summary>The boot plan. Before the payload, so that init can say what went wrong when memory ran out while that was unpacked.</summary>
    Plan,

    /// <summary>The artefact, uncompressed, its data at a page.</summary>
    Payload,

    /// <summary>Configuration of one machine. Last, so that what is before it is the same for all machines; what it has replaces what came before.</summary>
    Node,
}
