using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Rootcast.Linux.Native;

namespace Rootcast.Linux.Files;

/// <summary>The extent map of a file: ioctl FS_IOC_FIEMAP (Documentation/filesystems/fiemap.rst).</summary>
public static unsafe class FileExtents
{
    private const uint FS_IOC_FIEMAP = 0xc020660b;
    private const int Batch = 256;

    /// <summary>Every extent in order; dirty pages are written first, so that the map is true.</summary>
    public static IReadOnlyList<FileExtent> Of(SafeFileHandle file, string target = "open file")
    {
        List<FileExtent> extents = [];
        byte[] buffer = new byte[sizeof(HeaderLayout) + (Batch * sizeof(ExtentLayout))];
        ulong start = 0;
        fixed (byte* place = buffer)
        {
            HeaderLayout* header = (HeaderLayout*)place;
            ExtentLayout* found = (ExtentLayout*)(place + sizeof(HeaderLayout));
            while (true)
            {
                *header = new HeaderLayout
                {
                    fm_start = start,
                    fm_length = ulong.MaxValue - start,
                    fm_flags = 1,
                    fm_extent_count = Batch,
                };
                Syscall.Check(Libc.ioctl(file, FS_IOC_FIEMAP, header), "map extents of", target);
                for (uint i = 0; i < header->fm_mapped_extents; i++)
                {
                    ExtentLayout extent = found[i];
                    extents.Add(new FileExtent((long)extent.fe_logical, (long)extent.fe_physical, (long)extent.fe_length, extent.fe_flags));
                    start = extent.fe_logical + extent.fe_length;
                    const uint last = 1;
                    if ((extent.fe_flags & last) != 0)
                    {
                        return extents;
                    }
                }
                if (header->fm_mapped_extents == 0)
                {
                    return extents;
                }
            }
        }
    }

    /// <summary>struct fiemap without its extents.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 32)]
    internal struct HeaderLayout
    {
        internal ulong fm_start;
        internal ulong fm_length;
        internal uint fm_flags;
        internal uint fm_mapped_extents;
        internal uint fm_extent_count;
    }

    /// <summary>struct fiemap_extent.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 56)]
    internal struct ExtentLayout
    {
        internal ulong fe_logical;
        internal ulong fe_physical;
        internal ulong fe_length;
        internal ulong fe_reserved1;
        internal ulong fe_reserved2;
        internal uint fe_flags;
    }
}
