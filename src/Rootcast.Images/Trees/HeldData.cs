using Rootcast.Formats.Tar;
using Rootcast.Formats.Tree;

namespace Rootcast.Images.Trees;

/// <summary>Bytes in memory: what edits make.</summary>
internal sealed class HeldData(byte[] bytes) : TreeData
{
    internal override void Write(TarWriter writer, TreeEntry entry) => writer.Write(entry, bytes);

    internal override byte[] ReadAll(TreeEntry entry) => bytes;
}
