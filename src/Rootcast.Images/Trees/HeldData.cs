using Rootcast.Formats.Tar;
using Rootcast.Formats.Tree;

namespace Rootcast.Images.Trees;

/// <summary>Bytes in memory: what edits make.</summary>
internal sealed class HeldData(byte[] bytes) : TreeData
{
    internal override void Write(TarWriter writer, TreeEntry entry) => writer.Write(entry, bytes);

    internal override byte[] ReadAll(TreeEntry entry) => bytes;

    internal override void CopyTo(FileStream file, TreeEntry entry) => file.Write(bytes);

    internal override (string Path, long Offset)? PlaceOf(TreeEntry entry) => null;
}
