using Rootcast.Formats.Tar;
using Rootcast.Formats.Tree;

namespace Rootcast.Images.Trees;

/// <summary>Where the bytes of a tree's file are until they are written.</summary>
internal abstract class TreeData
{
    /// <summary>Writes the entry with its bytes.</summary>
    /// <param name="writer">The archive.</param>
    /// <param name="entry">A file's entry; its size and ranges are those that the data has.</param>
    internal abstract void Write(TarWriter writer, TreeEntry entry);

    /// <summary>All of the bytes, for the small files that edits change.</summary>
    internal abstract byte[] ReadAll(TreeEntry entry);
}
