using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Rootcast.Linux.Files;
using Rootcast.Linux.Native;

namespace Rootcast.Linux.Block;

/// <summary>A file as a block device: /dev/loopN by LOOP_CONFIGURE (5.8). Disposing closes our handle; with
/// <see cref="LoopOptions.AutoClear"/> the device is gone when its mount is too, so dispose after mounting.</summary>
public sealed unsafe class LoopDevice : IDisposable
{
    private const uint LOOP_CLR_FD = 0x4C01;
    private const uint LOOP_GET_STATUS64 = 0x4C05;
    private const uint LOOP_CONFIGURE = 0x4C0A;
    private const uint LOOP_CTL_GET_FREE = 0x4C82;
    private const uint LO_FLAGS_READ_ONLY = 1;
    private const uint LO_FLAGS_AUTOCLEAR = 4;
    private const uint LO_FLAGS_DIRECT_IO = 16;
    private readonly SafeFileHandle handle;

    private LoopDevice(SafeFileHandle handle, string path)
    {
        this.handle = handle;
        Path = path;
    }

    /// <summary><c>/dev/loop0</c>.</summary>
    public string Path { get; }

    /// <summary>Whether direct I/O is in force: asked for, and the file system below can.</summary>
    public bool UsesDirectIo
    {
        get
        {
            InfoLayout info;
            Syscall.Check(Libc.ioctl(handle, LOOP_GET_STATUS64, &info), "ask the state of", Path);
            return (info.lo_flags & LO_FLAGS_DIRECT_IO) != 0;
        }
    }

    /// <summary>Attaches a file to the next free loop device. Direct I/O that the file system refuses is left out, as the kernel's own
    /// LOOP_SET_DIRECT_IO does.</summary>
    public static LoopDevice Attach(string file, LoopOptions options)
    {
        using SafeFileHandle backing = FileNodes.Open(file, options.ReadOnly ? OpenFlags.ReadOnly : OpenFlags.ReadWrite);
        return Attach(backing, file, options);
    }

    /// <inheritdoc cref="Attach(string, LoopOptions)"/>
    public static LoopDevice Attach(SafeFileHandle backing, string file, LoopOptions options)
    {
        using SafeFileHandle control = FileNodes.Open("/dev/loop-control", OpenFlags.ReadWrite);
        while (true)
        {
            int number = Syscall.Check(Libc.ioctl(control, LOOP_CTL_GET_FREE, 0), "find a free", "loop device");
            string path = $"/dev/loop{number}";
            SafeFileHandle device = OpenNode(path, number, options.ReadOnly);
            int errno = Configure(device, backing, file, options, options.DirectIo);
            if (errno == Errno.Invalid && options.DirectIo)
            {
                errno = Configure(device, backing, file, options, directIo: false);
            }
            if (errno == 0)
            {
                return new LoopDevice(device, path);
            }
            device.Dispose();
            // Someone else took the number between the two calls.
            if (errno != Errno.Busy)
            {
                throw Syscall.Failed($"attach {file} to", path, errno);
            }
        }
    }

    /// <summary>The file that a loop device stands on: its file system's number as the kernel tells it, and its inode; null when the device has none.</summary>
    /// <param name="device">The device, open.</param>
    public static (ulong Device, ulong Inode)? BackingOf(SafeFileHandle device)
    {
        InfoLayout info;
        return Libc.ioctl(device, LOOP_GET_STATUS64, &info) < 0 ? null : (info.lo_device, info.lo_inode);
    }

    /// <summary>Takes the file off the device at once; for devices without auto-clear.</summary>
    public void Detach() => Syscall.Check(Libc.ioctl(handle, LOOP_CLR_FD, 0), "detach", Path);

    /// <inheritdoc/>
    public void Dispose() => handle.Dispose();

    private static SafeFileHandle OpenNode(string path, int number, bool readOnly)
    {
        byte[] name = Encoding.UTF8.GetBytes(path);
        OpenFlags flags = readOnly ? OpenFlags.ReadOnly : OpenFlags.ReadWrite;
        SafeFileHandle device = FileNodes.TryOpen(null, name, flags, 0, out int errno);
        if (errno != Errno.NoEntry)
        {
            return errno == 0 ? device : throw Syscall.Failed("open", path, errno);
        }
        // Without devtmpfs or udev (containers) nobody makes the node of a device that LOOP_CTL_GET_FREE has just added.
        device.Dispose();
        const int loopMajor = 7;
        FileNodes.MakeNode(null, name, FileStatus.TypeBlockDevice | 0x1B0, loopMajor, (uint)number);
        return FileNodes.Open(null, name, flags);
    }

    private static int Configure(SafeFileHandle device, SafeFileHandle backing, string file, LoopOptions options, bool directIo)
    {
        ConfigLayout config = new()
        {
            fd = (uint)backing.DangerousGetHandle(),
            block_size = (uint)options.BlockSize,
            info = new InfoLayout
            {
                lo_offset = (ulong)options.Offset,
                lo_sizelimit = (ulong)options.Length,
                lo_flags =
                    (options.ReadOnly ? LO_FLAGS_READ_ONLY : 0)
                    | (options.AutoClear ? LO_FLAGS_AUTOCLEAR : 0)
                    | (directIo ? LO_FLAGS_DIRECT_IO : 0),
            },
        };
        ReadOnlySpan<byte> name = Encoding.UTF8.GetBytes(file);
        const int longestName = 63;
        name[..Math.Min(name.Length, longestName)].CopyTo(new Span<byte>(config.info.lo_file_name, longestName));
        return Libc.ioctl(device, LOOP_CONFIGURE, &config) < 0 ? Marshal.GetLastPInvokeError() : 0;
    }

    /// <summary>struct loop_info64 of linux/loop.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct InfoLayout
    {
        internal ulong lo_device;
        internal ulong lo_inode;
        internal ulong lo_rdevice;
        internal ulong lo_offset;
        internal ulong lo_sizelimit;
        internal uint lo_number;
        internal uint lo_encrypt_type;
        internal uint lo_encrypt_key_size;
        internal uint lo_flags;
        internal fixed byte lo_file_name[64];
        internal fixed byte lo_crypt_name[64];
        internal fixed byte lo_encrypt_key[32];
        internal fixed ulong lo_init[2];
    }

    /// <summary>struct loop_config of linux/loop.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct ConfigLayout
    {
        internal uint fd;
        internal uint block_size;
        internal InfoLayout info;
        internal fixed ulong reserved[8];
    }
}
