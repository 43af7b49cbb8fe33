using Rootcast.Formats.Cpio;
using Rootcast.Formats.Kernels;
using Rootcast.Formats.Partitions;
using Rootcast.Formats.Qcow2;
using Rootcast.Images.Sources;
using Rootcast.Linux.Block;

namespace Rootcast.Images.Media;

/// <summary>What some bytes are, by their beginning and never by a name.</summary>
internal static class MediaSignature
{
    /// <summary>How many bytes from the start are looked at.</summary>
    internal const int BytesNeeded = FileSystemSignature.BytesNeeded;

    internal const string Qcow2 = "qcow2";
    internal const string Gpt = "gpt";
    internal const string Mbr = "mbr";
    internal const string Initrd = "initrd";
    internal const string Tar = "tar";
    internal const string Kernel = "kernel";
    internal const string Iso = "iso9660";
    internal const string Squashfs = "squashfs";
    internal const string Erofs = "erofs";

    private const int TarMagic = 257;

    /// <summary>The kind as <see cref="MediaLevel.Kind"/> names it; null when nothing is known to begin so. What is compressed is named by the program
    /// that unpacks it: what it holds shows only then.</summary>
    internal static string? Of(ReadOnlySpan<byte> first)
    {
        // A kernel with an EFI stub ends its first sector as a partition table does.
        if (KernelImage.IsHere(first))
        {
            return Kernel;
        }
        // A hybrid ISO has a partition table too, for firmware; the file system is what counts.
        if (FileSystemSignature.Read(first) is { } signature)
        {
            return signature.Type;
        }
        if (Qcow2Header.IsHere(first))
        {
            return Qcow2;
        }
        if (first.Length > 520 && (first[512..].StartsWith("EFI PART"u8) || first.Length > 4104 && first[4096..].StartsWith("EFI PART"u8)))
        {
            return Gpt;
        }
        if (MasterBootRecord.Read(first) is not null)
        {
            return Mbr;
        }
        if (first.Length > TarMagic + 5 && first[TarMagic..].StartsWith("ustar"u8))
        {
            return Tar;
        }
        if (InitrdMagic.Detect(first) == InitrdCompression.None)
        {
            return Initrd;
        }
        return ArchiveCompression.Of(first);
    }
}
