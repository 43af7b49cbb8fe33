using Rootcast.Formats.Tree;

namespace Rootcast.Images.Initramfs;

/// <summary>An entry of an initramfs under construction.</summary>
/// <param name="Entry">What the archive says of it.</param>
/// <param name="Content">Data of a file that is made here; null when it has none or comes from <paramref name="From"/>.</param>
/// <param name="From">The file of this host that has its data; null when there is none.</param>
internal sealed record InitramfsEntry(TreeEntry Entry, ReadOnlyMemory<byte>? Content, string? From);
