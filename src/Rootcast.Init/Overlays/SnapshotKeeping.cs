using System.Text;
using Microsoft.Win32.SafeHandles;
using Rootcast.Contract;
using Rootcast.Formats.Snapshots;
using Rootcast.Init.Devices;
using Rootcast.Linux;
using Rootcast.Linux.Block;
using Rootcast.Linux.Files;
using Rootcast.Linux.Mounts;

namespace Rootcast.Init.Overlays;

/// <summary>The store of a snapshot that outlives reboots: a device without a file system is one itself, on a file system it is a file of full
/// length. It belongs to one image, and is refused over another.</summary>
public sealed class SnapshotKeeping : IDisposable
{
    private readonly LoopDevice? loop;

    private SnapshotKeeping(string path, LoopDevice? loop)
    {
        Path = path;
        this.loop = loop;
    }

    /// <summary>Its block device.</summary>
    public string Path { get; }

    /// <summary>Finds the store on the plan's device, or makes it.</summary>
    /// <param name="boot">The boot.</param>
    /// <param name="originBytes">Length of what the snapshot is of.</param>
    /// <returns>Null when there is none and the plan wants nothing changed.</returns>
    public static SnapshotKeeping? Open(Boot boot, long originBytes)
    {
        FoundDevice device = OverlayDevice.Find(boot);
        long bytes = SnapshotStore.BytesForAll(originBytes);
        if (device.Signature is null)
        {
            return OpenRaw(boot, device.Path, bytes);
        }
        string directory = OverlayDevice.Mount(boot, device);
        string file = directory + "/changes";
        bool isThere = FileNodes.TryStatus(null, Encoding.UTF8.GetBytes(file), followLinks: false, out FileStatus status, out _);
        if (!isThere && boot.Plan.OverlayReadOnly)
        {
            return null;
        }
        if (!isThere || !Check(boot, file))
        {
            if (boot.Plan.OverlayReadOnly)
            {
                return null;
            }
            Make(boot, file, bytes);
        }
        else if (status.Size < bytes)
        {
            throw TooSmall(file, status.Size, bytes);
        }
        // What is written there is cached above already.
        LoopDevice attached = LoopDevice.Attach(file, new LoopOptions(ReadOnly: boot.Plan.OverlayReadOnly, DirectIo: true));
        boot.Journal.Say($"{file} is {attached.Path}{(attached.UsesDirectIo ? " with direct I/O" : "")}");
        // The loop device holds the file system from here on. Nobody else needs it, and a system that ends would try to remount it before the root is gone.
        Mounting.Unmount(OverlayDevice.Place, detach: true);
        FileNodes.TryRemove(null, Encoding.UTF8.GetBytes(OverlayDevice.Place), isDirectory: true, out _);
        return new SnapshotKeeping(attached.Path, attached);
    }

    /// <inheritdoc/>
    public void Dispose() => loop?.Dispose();

    private static SnapshotKeeping? OpenRaw(Boot boot, string device, long bytes)
    {
        long length;
        using (SafeFileHandle handle = FileNodes.Open(device, OpenFlags.ReadOnly))
        {
            length = BlockDevice.Length(handle, device);
        }
        if (length < bytes)
        {
            throw TooSmall(device, length, bytes);
        }
        bool reset = boot.Plan.OverlayReset;
        bool isStore = Check(boot, device, evenIfUseless: reset);
        if (!isStore && boot.Plan.OverlayReadOnly)
        {
            return null;
        }
        if (!isStore || reset)
        {
            WriteHead(boot, device);
            boot.Journal.Say(
                isStore ? $"rootcast.overlay.reset: what {device} held is deleted" : $"{device} was empty and keeps what is written"
            );
        }
        return new SnapshotKeeping(device, null);
    }

    /// <summary>Whether there is a store of this image; false where nothing was ever written.</summary>
    private static bool Check(Boot boot, string path, bool evenIfUseless = false)
    {
        byte[] first = new byte[FileSystemSignature.BytesNeeded];
        using (SafeFileHandle handle = FileNodes.Open(path, OpenFlags.ReadOnly))
        {
            int got = FileData.ReadAt(handle, first, 0, path);
            first = first[..got];
        }
        if (!first.AsSpan().ContainsAnyExcept((byte)0))
        {
            return false;
        }
        SnapshotStore? store = SnapshotStore.Read(first);
        const string anew = "Boot once with rootcast.overlay.reset to begin anew; what it holds is lost then.";
        if (store is null)
        {
            throw new UserError(
                $"overlay: {path} is neither empty nor a store of ours",
                "Check rootcast.overlay=. If nothing on it is wanted, clear its beginning (wipefs -a, or dd from /dev/zero)."
            );
        }
        if (evenIfUseless)
        {
            return true;
        }
        if (!store.IsValid)
        {
            throw new UserError($"overlay: the kernel has given {path} up after an error of its device", anew);
        }
        string? wanted = boot.Plan.Artefact?.Digest;
        if (store.Base is not null && wanted is not null && store.Base != wanted)
        {
            throw new UserError(
                $"overlay: {path} was written over another image ({store.Base}), and blocks of two images make no file system",
                $"{anew} Or boot the image that it was written over, or give this one a directory of its own by rootcast.overlay.path=."
            );
        }
        return true;
    }

    private static void Make(Boot boot, string file, long bytes)
    {
        using (SafeFileHandle created = FileNodes.Open(file, OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.Truncate, 0x180))
        {
            try
            {
                // All of it now: a store that finds no room later breaks the root.
                FileData.Allocate(created, 0, bytes, file);
            }
            catch (LinuxException error) when (error.Number == Errno.NoSpace)
            {
                FileNodes.TryRemove(null, Encoding.UTF8.GetBytes(file), isDirectory: false, out _);
                throw new UserError(
                    $"overlay: {boot.Plan.Overlay} has no room for {bytes} bytes, which writing all of the image would take",
                    "Take a larger device, or cast the image again with a smaller size of form livefs.",
                    UserErrorKind.Failed,
                    error
                );
            }
        }
        WriteHead(boot, file);
        boot.Journal.Say($"{file} of {bytes} bytes keeps what is written");
    }

    /// <summary>Last of all, so that a store that was interrupted while it was made is taken for an empty one.</summary>
    private static void WriteHead(Boot boot, string path)
    {
        using SafeFileHandle store = FileNodes.Open(path, OpenFlags.WriteOnly);
        FileData.WriteAt(store, SnapshotStore.WriteEmpty(boot.Plan.Artefact?.Digest), 0, path);
        FileData.Sync(store, path);
    }

    private static UserError TooSmall(string path, long length, long bytes) =>
        new(
            $"overlay: {path} has {length} bytes, and writing all of the image would take {bytes}",
            "Take a larger device, or cast the image again with a smaller size of form livefs."
        );
}
