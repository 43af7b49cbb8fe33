using Rootcast.Formats.Tree;

namespace Rootcast.Images.Trees;

/// <summary>A node of a tree, which may have several names.</summary>
/// <param name="Entry">What it is; its path counts for nothing here, and it is never a hard link.</param>
/// <param name="Data">Of a file, its bytes; null for an empty one.</param>
internal sealed record TreeInode(TreeEntry Entry, TreeData? Data = null);
