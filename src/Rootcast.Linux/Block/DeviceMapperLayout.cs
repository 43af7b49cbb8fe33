using System.Runtime.InteropServices;

namespace Rootcast.Linux.Block;

/// <summary>Structures and numbers of linux/dm-ioctl.h, interface version 4.</summary>
internal static unsafe class DeviceMapperLayout
{
    internal const uint DM_DEV_CREATE = 0xC138FD03;
    internal const uint DM_DEV_REMOVE = 0xC138FD04;
    internal const uint DM_DEV_SUSPEND = 0xC138FD06;
    internal const uint DM_DEV_STATUS = 0xC138FD07;
    internal const uint DM_TABLE_LOAD = 0xC138FD09;
    internal const uint DM_TABLE_STATUS = 0xC138FD0C;

    internal const uint DM_READONLY_FLAG = 1;
    internal const uint DM_SUSPEND_FLAG = 2;
    internal const uint DM_STATUS_TABLE_FLAG = 16;
    internal const uint DM_BUFFER_FULL_FLAG = 256;

    internal const int DM_NAME_LEN = 128;
    internal const int DM_MAX_TYPE_NAME = 16;

    /// <summary>struct dm_ioctl: what every call begins with.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct HeaderLayout
    {
        internal fixed uint version[3];
        internal uint data_size;
        internal uint data_start;
        internal uint target_count;
        internal int open_count;
        internal uint flags;
        internal uint event_nr;
        internal uint padding;
        internal ulong dev;
        internal fixed byte name[DM_NAME_LEN];
        internal fixed byte uuid[129];
        internal fixed byte data[7];
    }

    /// <summary>struct dm_target_spec: a line of a table; its parameters follow as text that ends with a NUL.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct TargetLayout
    {
        internal ulong sector_start;
        internal ulong length;
        internal int status;
        internal uint next;
        internal fixed byte target_type[DM_MAX_TYPE_NAME];
    }
}
