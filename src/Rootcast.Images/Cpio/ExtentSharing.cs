using Microsoft.Win32.SafeHandles;
using Rootcast.Linux;
using Rootcast.Linux.Files;

namespace Rootcast.Images.Cpio;

/// <summary>Shares extents of sources with an archive, and keeps account of what could not be shared and why.</summary>
/// <param name="mover">Makes the call.</param>
/// <param name="output">The archive; null when nothing is shared.</param>
/// <param name="block">The block of its file system, what extents can be shared in; 0 shares nothing.</param>
/// <param name="refusal">Why nothing can be shared at all; null when it can be tried.</param>
internal sealed class ExtentSharing(DataMover mover, SafeFileHandle? output, int block, string? refusal)
{
    private readonly Dictionary<ulong, string> _refusing = [];
    private readonly List<MissedSharing> _missed = [];

    public long SharedBytes { get; private set; }

    /// <summary>Files with data that have less than a block of it.</summary>
    public int SmallFiles { get; private set; }

    /// <summary>Files of a block or more that are not shared.</summary>
    public IReadOnlyList<MissedSharing> Missed => _missed;

    /// <summary>How many bytes of a file, from its beginning, should be shared when its data starts there; 0 for none.</summary>
    /// <param name="source">The file.</param>
    /// <param name="start">Where its data starts in the archive.</param>
    /// <param name="alignment">What that was to be a multiple of; 0 where no name could reach so far.</param>
    public long LengthToShare(CpioSource source, long start, int alignment)
    {
        if (block == 0)
        {
            return 0;
        }
        if (source.Status.Size < block)
        {
            SmallFiles++;
            return 0;
        }
        string? reason =
            refusal is not null ? refusal
            : _refusing.TryGetValue(source.Status.Device, out string? known) ? known
            : source.IsSparse ? "it has holes, which the archive may not have"
            : start % block == 0 ? null
            : alignment == 0
                ? $"with the NULs up to the next block of {block} bytes its name would be longer than 4096 bytes, and nothing small was left to put before it"
            : $"its data does not start at a multiple of the file system's block of {block} bytes";
        if (reason is not null)
        {
            Miss(source, reason);
            return 0;
        }
        return source.Status.Size / block * block;
    }

    /// <summary>Shares the beginning of a file.</summary>
    /// <returns>Null, or why not.</returns>
    public string? Share(SafeFileHandle file, CpioSource source, long length, long start)
    {
        int errno = mover.Clone(file, 0, length, output!, start, source.Path.ToString());
        if (Refusal(errno, file) is not { } reason)
        {
            SharedBytes += length;
            return null;
        }
        if (errno is Errno.CrossDevice or Errno.NotSupported or Errno.NotTerminal)
        {
            // The next file from there would be refused as well.
            _refusing[source.Status.Device] = reason;
        }
        Miss(source, reason);
        return reason;
    }

    /// <summary>What <see cref="DataMover.Clone"/>'s answer means, for people; null when extents are shared.</summary>
    public static string? Refusal(int errno, SafeFileHandle file) =>
        errno switch
        {
            0 => null,
            Errno.CrossDevice => "it is on another file system than the archive",
            Errno.NotSupported or Errno.NotTerminal => "the file system cannot share extents",
            Errno.Invalid when InodeFlags.TryOf(file) is { } flags && flags.HasFlag(InodeFlag.NoCopyOnWrite) =>
                "it is marked NOCOW (chattr +C), and the archive is not",
            _ => $"the file system refused: {Errno.Describe(errno)}",
        };

    /// <summary>Why the file that was looked at last is not shared; null when it is, or is too small.</summary>
    public string? LastMissed(CpioSource source) => _missed is [.., var last] && last.Path == source.Path ? last.Reason : null;

    private void Miss(CpioSource source, string reason) => _missed.Add(new MissedSharing(source.Path, source.Status.Size, reason));
}
