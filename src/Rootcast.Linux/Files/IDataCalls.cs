using Microsoft.Win32.SafeHandles;

namespace Rootcast.Linux.Files;

/// <summary>The system calls that move bytes between files, one call each and nothing tried again: what <see cref="DataMover"/> makes whole copies of, and
/// what a test lets fail.</summary>
public interface IDataCalls
{
    /// <summary>FICLONERANGE: 0, or an errno.</summary>
    int Clone(SafeFileHandle from, long fromOffset, long length, SafeFileHandle to, long toOffset);

    /// <summary>copy_file_range(2): bytes, 0 at the end of the source, or a negative errno.</summary>
    long Copy(SafeFileHandle from, long fromOffset, SafeFileHandle to, long toOffset, long length);

    /// <summary>pread(2): bytes, 0 at the end of the file, or a negative errno.</summary>
    long Read(SafeFileHandle file, Span<byte> buffer, long offset);

    /// <summary>pwrite(2): bytes, or a negative errno.</summary>
    long Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset);
}
