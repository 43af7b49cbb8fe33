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

    /// <summary>Writes the bytes alone into a new file, holes left as holes.</summary>
    internal abstract void CopyTo(FileStream file, TreeEntry entry);

    /// <summary>A file of this host that has them in one piece, and where; null when there is none.</summary>
    internal abstract (string Path, long Offset)? PlaceOf(TreeEntry entry);
}
