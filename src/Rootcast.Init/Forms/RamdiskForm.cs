using Microsoft.Win32.SafeHandles;
using Rootcast.Contract;
using Rootcast.Init.Carriers;
using Rootcast.Init.Stages;
using Rootcast.Linux.Block;
using Rootcast.Linux.Files;
using Rootcast.Linux.Mounts;

namespace Rootcast.Init.Forms;

/// <summary>A disk image (ext4) copied whole into RAM and loop-mounted. Its whole size is taken at once, empty blocks too, as the EL6
/// experiment that this form is named after did: so the machine can't run out of memory later by writing into its own root.</summary>
public sealed class RamdiskForm : IForm
{
    private const string Place = InitramfsPaths.RunDirectory + "/ramdisk";
    private const string File = Place + "/root.img";
    private const int Block = 4096;

    /// <inheritdoc/>
    public void Prepare(Boot boot) => boot.Modules.RequireAll("form ramdisk", "loop", "ext4");

    /// <inheritdoc/>
    public void Mount(Boot boot, IArtefactSource source, string root)
    {
        ApiFileSystems.MakeDirectory(Place);
        MemoryFileSystem.Mount(boot, "rootcast-ramdisk", Place, "size=100%,mode=0700", MountFlags.NoSuid | MountFlags.NoDevices);
        long length = Copy(boot, source);
        using LoopDevice loop = LoopDevice.Attach(File, new LoopOptions(ReadOnly: false));
        boot.Journal.Say($"{File} of {length} bytes is {loop.Path}");
        Mounting.Mount("ext4", loop.Path, root, MountFlags.NoAccessTime);
    }

    private static long Copy(Boot boot, IArtefactSource source)
    {
        using SafeFileHandle image = FileNodes.Open(File, OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.Exclusive, 0x180);
        long reserved = boot.Plan.Artefact?.UnpackedBytes ?? 0;
        if (reserved > 0)
        {
            FileData.Allocate(image, 0, reserved, File);
        }
        using Stream artefact = source.Open();
        byte[] buffer = GC.AllocateUninitializedArray<byte>(1 << 18);
        long length = 0;
        ArtefactContent.Use(artefact, content => length = Write(content, image, buffer, reserved));
        if (length < reserved)
        {
            throw new InvalidDataException($"{source.Origin} holds an image of {length} bytes, the boot plan says {reserved}");
        }
        FileData.SetLength(image, length, File);
        return length;
    }

    private static long Write(Stream content, SafeFileHandle image, byte[] buffer, long reserved)
    {
        long length = 0;
        int filled;
        do
        {
            filled = Fill(content, buffer);
            WriteBlocks(image, buffer.AsSpan(0, filled), length, skipZeros: length + filled <= reserved);
            length += filled;
        } while (filled == buffer.Length);
        return length;
    }

    /// <summary>Blocks of zeros are there already when the space is reserved: not touching them saves half of the copying.</summary>
    private static void WriteBlocks(SafeFileHandle image, ReadOnlySpan<byte> bytes, long offset, bool skipZeros)
    {
        int start = 0;
        for (int at = 0; at < bytes.Length; at += Block)
        {
            int end = Math.Min(at + Block, bytes.Length);
            if (skipZeros && !bytes[at..end].ContainsAnyExcept((byte)0))
            {
                FileData.WriteAt(image, bytes[start..at], offset + start, File);
                start = end;
            }
        }
        FileData.WriteAt(image, bytes[start..], offset + start, File);
    }

    private static int Fill(Stream content, byte[] buffer)
    {
        int filled = 0;
        while (filled < buffer.Length && content.Read(buffer.AsSpan(filled)) is var got and > 0)
        {
            filled += got;
        }
        return filled;
    }
}
