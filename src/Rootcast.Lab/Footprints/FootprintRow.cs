namespace Rootcast.Lab.Footprints;

/// <summary>Memory with one owner.</summary>
/// <param name="Owner">Who holds it: <c>squashfs /run/rootcast/lower</c>, <c>processes</c>, <c>device-mapper</c>, <c>kernel</c>.</param>
/// <param name="Kind">As what: one of <see cref="RowKinds"/>.</param>
/// <param name="Detail">Which of them: a slab cache, a function, a process, a device; null when the owner has one of the kind.</param>
/// <param name="Bytes">How much.</param>
/// <param name="Reclaimable">Whether the kernel can take it back without asking: clean caches, and those that can be written back. False: pinned.</param>
public sealed record FootprintRow(string Owner, string Kind, string? Detail, long Bytes, bool Reclaimable);
