using Rootcast.Formats.Cpio;
using Rootcast.Formats.Tree;

namespace Rootcast.Images.Initramfs;

/// <summary>An entry of an initrd, and the member of the initrd that has it.</summary>
/// <param name="Member">Where that member starts and how it is compressed.</param>
/// <param name="Entry">The entry.</param>
public sealed record InitramfsListing(InitrdMember Member, TreeEntry Entry);
