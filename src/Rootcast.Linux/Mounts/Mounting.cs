using System.Runtime.InteropServices;
using System.Text;
using Rootcast.Linux.Events;
using Rootcast.Linux.Native;

namespace Rootcast.Linux.Mounts;

/// <summary>mount(2) and umount2(2). A failure carries what the kernel logged about it, where /dev/kmsg can be read.</summary>
public static unsafe class Mounting
{
    private const int MNT_DETACH = 2;

    /// <summary>Mounts a file system.</summary>
    /// <param name="type">Its type: <c>squashfs</c>.</param>
    /// <param name="source">Device, or a word for those without one.</param>
    /// <param name="target">An existing directory.</param>
    /// <param name="flags">See <see cref="MountFlags"/>.</param>
    /// <param name="options">What the file system itself reads: <c>size=1G,mode=0755</c>.</param>
    public static void Mount(string type, string source, string target, MountFlags flags = MountFlags.None, string? options = null)
    {
        using KernelLog? log = KernelLog.TryOpen();
        int errno = Call(source, target, type, flags, options);
        if (errno != 0)
        {
            throw Syscall.Failed($"mount {type} {source} on", target, errno, Said(log));
        }
    }

    /// <summary>Mounts a file system where a failure is an answer: the errno, 0 when it is mounted.</summary>
    public static int TryMount(string type, string source, string target, MountFlags flags = MountFlags.None, string? options = null) =>
        Call(source, target, type, flags, options);

    /// <summary>Shows a directory or file at another place too.</summary>
    public static void Bind(string source, string target, bool recursive = false) =>
        Check(
            Call(source, target, null, MountFlags.Bind | (recursive ? MountFlags.Recursive : MountFlags.None), null),
            $"bind {source} to",
            target
        );

    /// <summary>Moves a mount.</summary>
    public static void Move(string source, string target) =>
        Check(Call(source, target, null, MountFlags.Move, null), $"move mount {source} to", target);

    /// <summary>Changes flags or options of a mount.</summary>
    public static void Remount(string target, MountFlags flags, string? options = null) =>
        Check(Call("none", target, null, flags | MountFlags.Remount, options), "remount", target);

    /// <summary>Makes a mount (and those below it) keep its changes to itself.</summary>
    public static void MakePrivate(string target) =>
        Check(Call("none", target, null, MountFlags.Private | MountFlags.Recursive, null), "make private", target);

    /// <summary>Makes a mount (and those below it) one whose changes its copies see (mount_namespaces(7), shared subtrees).</summary>
    public static void MakeShared(string target) =>
        Check(Call("none", target, null, MountFlags.Shared | MountFlags.Recursive, null), "make shared", target);

    /// <summary>Makes a mount (and those below it) see the changes of what it is a copy of, and keep its own to itself.</summary>
    public static void MakeSlave(string target) =>
        Check(Call("none", target, null, MountFlags.Slave | MountFlags.Recursive, null), "make slave", target);

    /// <summary>Unmounts.</summary>
    /// <param name="target">Where it is mounted.</param>
    /// <param name="detach">MNT_DETACH: out of the tree now, gone when nobody uses it any more.</param>
    public static void Unmount(string target, bool detach = false)
    {
        fixed (byte* place = new CString(Encoding.UTF8.GetBytes(target), stackalloc byte[256]))
        {
            Syscall.Check(Libc.umount2(place, detach ? MNT_DETACH : 0), "unmount", target);
        }
    }

    private static int Call(string source, string target, string? type, MountFlags flags, string? options)
    {
        fixed (byte* from = new CString(Encoding.UTF8.GetBytes(source), stackalloc byte[256]))
        fixed (byte* place = new CString(Encoding.UTF8.GetBytes(target), stackalloc byte[256]))
        fixed (byte* kind = new CString(Encoding.UTF8.GetBytes(type ?? ""), stackalloc byte[64]))
        fixed (byte* data = new CString(Encoding.UTF8.GetBytes(options ?? ""), stackalloc byte[256]))
        {
            return Libc.mount(from, place, kind, (nuint)(uint)flags, options is null ? null : data) < 0 ? Marshal.GetLastPInvokeError() : 0;
        }
    }

    private static void Check(int errno, string operation, string target)
    {
        if (errno != 0)
        {
            throw Syscall.Failed(operation, target, errno);
        }
    }

    private static string? Said(KernelLog? log) => log?.ReadNew() is { Count: > 0 } lines ? string.Join("; ", lines) : null;
}
