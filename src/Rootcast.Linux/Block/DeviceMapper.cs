using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Rootcast.Linux.Events;
using Rootcast.Linux.Files;
using Rootcast.Linux.Native;
using static Rootcast.Linux.Block.DeviceMapperLayout;

namespace Rootcast.Linux.Block;

/// <summary>The kernel's device mapper by ioctl on /dev/mapper/control. A device lives until <see cref="Remove"/>, whoever made it.</summary>
public sealed unsafe class DeviceMapper : IDisposable
{
    private const string ControlPath = "/dev/mapper/control";
    private const int LargestAnswer = 1 << 20;
    private readonly SafeFileHandle control;

    private DeviceMapper(SafeFileHandle control) => this.control = control;

    /// <summary>Opens the control device, which is there once the module dm_mod is.</summary>
    public static DeviceMapper Open() => new(FileNodes.Open(ControlPath, OpenFlags.ReadWrite));

    /// <summary>Makes a device with a table and sets it going.</summary>
    /// <param name="name">1 to 127 bytes, without a slash; /dev/mapper/NAME links to the device.</param>
    /// <param name="table">What it is made of.</param>
    /// <param name="readOnly">Whether it, and what it is made of, is opened for reading alone.</param>
    /// <returns>Its node: <c>/dev/dm-0</c>.</returns>
    public string Create(string name, IReadOnlyList<MappedTarget> table, bool readOnly = false)
    {
        byte[] created = DeviceMapperMessage.Write(name, 0, []);
        Call(DM_DEV_CREATE, created, "create device", name);
        try
        {
            Call(DM_TABLE_LOAD, DeviceMapperMessage.Write(name, readOnly ? DM_READONLY_FLAG : 0, table), "load table of", name);
            Resume(name);
            return Node(name, DeviceMapperMessage.Header(created).dev);
        }
        catch
        {
            _ = TryCall(DM_DEV_REMOVE, DeviceMapperMessage.Write(name, 0, []));
            throw;
        }
    }

    /// <summary>Holds back what is written and read; what is under way is finished first.</summary>
    public void Suspend(string name) => Call(DM_DEV_SUSPEND, DeviceMapperMessage.Write(name, DM_SUSPEND_FLAG, []), "suspend device", name);

    /// <summary>Lets a suspended device go on; a loaded table comes into force.</summary>
    public void Resume(string name) => Call(DM_DEV_SUSPEND, DeviceMapperMessage.Write(name, 0, []), "resume device", name);

    /// <summary>What each target says of itself; see <see cref="SnapshotUsage"/> for snapshots.</summary>
    public IReadOnlyList<MappedTarget> Status(string name) => Ask(name, 0, "ask the status of device");

    /// <summary>The tables in force: each line with its parameters.</summary>
    public IReadOnlyList<MappedTarget> Table(string name) => Ask(name, DM_STATUS_TABLE_FLAG, "ask the table of device");

    /// <summary>Whether there is such a device.</summary>
    public bool Exists(string name) => TryCall(DM_DEV_STATUS, DeviceMapperMessage.Write(name, 0, [])) == 0;

    /// <summary>Removes a device that nobody uses.</summary>
    public void Remove(string name)
    {
        Call(DM_DEV_REMOVE, DeviceMapperMessage.Write(name, 0, []), "remove device", name);
        FileNodes.TryRemove(null, Encoding.UTF8.GetBytes(LinkOf(name)), isDirectory: false, out _);
    }

    /// <inheritdoc/>
    public void Dispose() => control.Dispose();

    private static string LinkOf(string name) => $"/dev/mapper/{name}";

    private IReadOnlyList<MappedTarget> Ask(string name, uint flags, string operation)
    {
        for (int room = 4096; ; room *= 4)
        {
            byte[] message = DeviceMapperMessage.Write(name, flags, [], room);
            Call(DM_TABLE_STATUS, message, operation, name);
            if ((DeviceMapperMessage.Header(message).flags & DM_BUFFER_FULL_FLAG) == 0 || room > LargestAnswer)
            {
                return DeviceMapperMessage.ReadTargets(message);
            }
        }
    }

    /// <summary>The node is devtmpfs's, or ours where there is none; the link is what udev would make, and later does.</summary>
    private static string Node(string name, ulong device)
    {
        uint minor = (uint)((device & 0xFF) | ((device >> 12) & 0xFFFFFF00));
        string node = $"/dev/dm-{minor}";
        if (!FileNodes.Exists(node))
        {
            uint major = (uint)((device >> 8) & 0xFFF);
            FileNodes.MakeNode(null, Encoding.UTF8.GetBytes(node), FileStatus.TypeBlockDevice | 0x1B0, major, minor);
        }
        byte[] link = Encoding.UTF8.GetBytes(LinkOf(name));
        FileNodes.TryRemove(null, link, isDirectory: false, out _);
        FileNodes.MakeSymlink(Encoding.UTF8.GetBytes($"../dm-{minor}"), null, link);
        return node;
    }

    private void Call(uint request, byte[] message, string operation, string name)
    {
        using KernelLog? log = KernelLog.TryOpen();
        int errno = TryCall(request, message);
        if (errno != 0)
        {
            string? said = log?.ReadNew() is { Count: > 0 } lines ? string.Join("; ", lines) : null;
            throw Syscall.Failed(operation, name, errno, said);
        }
    }

    private int TryCall(uint request, byte[] message)
    {
        fixed (byte* place = message)
        {
            return Libc.ioctl(control, request, place) < 0 ? Marshal.GetLastPInvokeError() : 0;
        }
    }
}
