using System.Text;
using Microsoft.Win32.SafeHandles;
using Rootcast.Formats;
using Rootcast.Formats.Tar;
using Rootcast.Formats.Tree;
using Rootcast.Images.Trees;
using Rootcast.Linux.Files;

namespace Rootcast.Images.Sources;

/// <summary>Bytes of a file in a directory on this host.</summary>
internal sealed class DiskData(DirectoryWalk walk, UnixPath path) : TreeData
{
    internal override void Write(TarWriter writer, TreeEntry entry)
    {
        using FileStream file = Open();
        try
        {
            writer.Write(entry, file);
        }
        catch (EndOfStreamException error)
        {
            throw DirectoryWalk.Changed($"{walk.Path}/{path}", error);
        }
    }

    internal override byte[] ReadAll(TreeEntry entry)
    {
        using FileStream file = Open();
        using MemoryStream bytes = new();
        file.CopyTo(bytes);
        return bytes.ToArray();
    }

    internal override void CopyTo(FileStream file, TreeEntry entry)
    {
        using FileStream source = Open();
        foreach (DataRange range in entry.DataRanges ?? [new DataRange(0, entry.Size)])
        {
            long copied = DataMover.Kernel.CopyBytes(source.SafeFileHandle, range.Offset, file.SafeFileHandle, range.Offset, range.Length);
            if (copied < range.Length)
            {
                throw DirectoryWalk.Changed($"{walk.Path}/{path}");
            }
        }
        file.SetLength(entry.Size);
    }

    /// <summary>By our own descriptor of the directory, which may be mounted nowhere any more; other programs of this user find it there too.</summary>
    internal override (string Path, long Offset)? PlaceOf(TreeEntry entry)
    {
        string name = Encoding.UTF8.GetString(path.Bytes);
        bool isText = Encoding.UTF8.GetBytes(name).AsSpan().SequenceEqual(path.Bytes);
        return isText ? ($"/proc/{Environment.ProcessId}/fd/{walk.Root.DangerousGetHandle()}/{name}", 0) : null;
    }

    private FileStream Open()
    {
        SafeFileHandle handle = DirectoryWalk.Guard(
            walk.Path,
            path,
            () => FileNodes.Open(walk.Root, path.Bytes, OpenFlags.ReadOnly | OpenFlags.NoFollow | OpenFlags.NonBlocking)
        );
        return new FileStream(handle, FileAccess.Read, bufferSize: 0);
    }
}
