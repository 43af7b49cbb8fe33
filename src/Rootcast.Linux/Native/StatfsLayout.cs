using System.Runtime.InteropServices;

namespace Rootcast.Linux.Native;

/// <summary>struct statfs of 64-bit machines (asm-generic/statfs.h; x86_64 has the same).</summary>
[StructLayout(LayoutKind.Sequential, Size = 120)]
internal struct StatfsLayout
{
    internal long f_type;
    internal long f_bsize;
    internal ulong f_blocks;
    internal ulong f_bfree;
    internal ulong f_bavail;
    internal ulong f_files;
    internal ulong f_ffree;
    internal ulong f_fsid;
    internal long f_namelen;
    internal long f_frsize;
    internal long f_flags;
}
