using Microsoft.Win32.SafeHandles;
using Rootcast.Linux;
using Rootcast.Linux.Files;

namespace Rootcast.Tests;

/// <summary>The kernel's calls, made worse: interrupted, short, or refused.</summary>
internal sealed class FaultyDataCalls : IDataCalls
{
    private readonly KernelDataCalls kernel = KernelDataCalls.Instance;
    private int calls;

    /// <summary>What cloning ends with; 0 asks the kernel.</summary>
    public int CloneErrno { get; init; }

    /// <summary>What copy_file_range ends with; 0 asks the kernel.</summary>
    public int CopyErrno { get; init; }

    /// <summary>Every second call is interrupted, and no call moves more than this.</summary>
    public int MostBytes { get; init; } = int.MaxValue;

    /// <summary>After so many written bytes the disk is full.</summary>
    public long Room { get; set; } = long.MaxValue;

    /// <summary>Called before a read.</summary>
    public Action? BeforeRead { get; init; }

    public int Copies { get; private set; }

    private bool Interrupted => MostBytes < int.MaxValue && ++calls % 2 == 0;

    public int Clone(SafeFileHandle from, long fromOffset, long length, SafeFileHandle to, long toOffset) =>
        Interrupted ? Errno.Interrupted
        : CloneErrno != 0 ? CloneErrno
        : kernel.Clone(from, fromOffset, length, to, toOffset);

    public long Copy(SafeFileHandle from, long fromOffset, SafeFileHandle to, long toOffset, long length)
    {
        BeforeRead?.Invoke();
        Copies++;
        return Interrupted ? -Errno.Interrupted
            : CopyErrno != 0 ? -CopyErrno
            : kernel.Copy(from, fromOffset, to, toOffset, Math.Min(length, MostBytes));
    }

    public long Read(SafeFileHandle file, Span<byte> buffer, long offset)
    {
        BeforeRead?.Invoke();
        return Interrupted ? -Errno.Interrupted : kernel.Read(file, buffer[..Math.Min(buffer.Length, MostBytes)], offset);
    }

    public long Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset)
    {
        if (Interrupted)
        {
            return -Errno.Interrupted;
        }
        if (Room <= 0)
        {
            return -Errno.NoSpace;
        }
        long put = kernel.Write(file, bytes[..(int)Math.Min(Math.Min(bytes.Length, MostBytes), Room)], offset);
        Room -= put;
        return put;
    }
}
