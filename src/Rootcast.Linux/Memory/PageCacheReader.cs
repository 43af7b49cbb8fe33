using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Rootcast.Linux.Native;

namespace Rootcast.Linux.Memory;

/// <summary>How much of a file or block device is in the page cache: by cachestat(2) (6.5), else by mincore(2) over a mapping. Neither reads a page in.</summary>
public sealed unsafe class PageCacheReader : IDisposable
{
    private const int CacheStat = 451;
    private const int ReadProtection = 1;
    private const int SharedMapping = 1;

    /// <summary>Mapped at a time: 256 MiB on 4 KiB pages.</summary>
    private const int WindowPages = 65536;

    private byte[]? window;

    /// <summary>Opens the reader.</summary>
    /// <param name="withCacheStat">False to leave cachestat(2) aside, as on a kernel that has none.</param>
    public PageCacheReader(bool withCacheStat = true) => UsesCacheStat = withCacheStat && HasCacheStat();

    /// <summary>Whether the kernel has cachestat(2).</summary>
    public bool UsesCacheStat { get; }

    /// <summary>Bytes in the page cache; null when the kernel does not tell: nothing of this file can be mapped, or it is not ours.</summary>
    /// <param name="file">Open for reading.</param>
    /// <param name="length">Its length in bytes; it is not asked for where cachestat(2) is there.</param>
    /// <param name="isStacked">Whether the pages are those of a file below (overlayfs), which only a mapping reaches.</param>
    public long? BytesOf(SafeFileHandle file, Func<long> length, bool isStacked = false) =>
        UsesCacheStat && !isStacked ? ByCacheStat(file) : ByMapping(file, length());

    /// <inheritdoc/>
    public void Dispose() => window = null;

    /// <summary>EBADF is the answer of a kernel that has the call.</summary>
    private static bool HasCacheStat() =>
        Libc.syscall(CacheStat, -1, 0, 0, 0, 0, 0) < 0 && Marshal.GetLastPInvokeError() is not (Errno.NoSystemCall or Errno.NotPermitted);

    private static long? ByCacheStat(SafeFileHandle file)
    {
        // struct cachestat_range { off, len }: a length of 0 is to the end. struct cachestat { cache, dirty, writeback, evicted, recently_evicted }.
        ulong* range = stackalloc ulong[2];
        ulong* answer = stackalloc ulong[5];
        (range[0], range[1]) = (0, 0);
        bool held = false;
        try
        {
            file.DangerousAddRef(ref held);
            return Libc.syscall(CacheStat, file.DangerousGetHandle(), (nint)range, (nint)answer, 0, 0, 0) < 0
                ? null
                : (long)answer[0] * Environment.SystemPageSize;
        }
        finally
        {
            if (held)
            {
                file.DangerousRelease();
            }
        }
    }

    private long? ByMapping(SafeFileHandle file, long length)
    {
        int page = Environment.SystemPageSize;
        window ??= new byte[WindowPages];
        long resident = 0;
        for (long at = 0; at < length; at += (long)WindowPages * page)
        {
            nuint bytes = (nuint)Math.Min((long)WindowPages * page, length - at);
            nint mapped = Libc.mmap(0, bytes, ReadProtection, SharedMapping, file, at);
            if (mapped == -1)
            {
                return null;
            }
            int failed;
            fixed (byte* place = window)
            {
                failed = Libc.mincore(mapped, bytes, place);
            }
            _ = Libc.munmap(mapped, bytes);
            if (failed < 0)
            {
                return null;
            }
            int pages = (int)(((long)bytes + page - 1) / page);
            foreach (byte state in window.AsSpan(0, pages))
            {
                resident += state & 1;
            }
        }
        return resident * page;
    }
}
