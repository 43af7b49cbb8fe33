namespace Rootcast.Images.Cpio;

/// <summary>An archive that was made.</summary>
/// <param name="Entries">Names in it.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="SharedBytes">Bytes of data that it shares with its sources.</param>
/// <param name="PaddingBytes">NULs behind names that alignment cost.</param>
/// <param name="Alignment">What data was aligned to; 0 for nothing.</param>
/// <param name="SmallEntries">Files with data of less than one block, which can't be shared.</param>
/// <param name="Missed">Larger files that are not shared, and why; empty when nothing was to be shared.</param>
public sealed record CpioResult(
    int Entries,
    long Bytes,
    long SharedBytes,
    long PaddingBytes,
    int Alignment,
    int SmallEntries,
    IReadOnlyList<MissedSharing> Missed
);
