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
