namespace Rootcast.Linux.Block;

/// <summary>How a device-mapper snapshot is.</summary>
public enum SnapshotState
{
    /// <summary>All is well.</summary>
    Usable,

    /// <summary>Its store failed or was too small: every read and write fails.</summary>
    Invalid,

    /// <summary>Its store (kind <c>PO</c>) is full: writes fail, reads work.</summary>
    Overflow,

    /// <summary>Writing it back into its origin failed.</summary>
    MergeFailed,
}
