using Rootcast.Formats.Erofs;
using Rootcast.Formats.Iso9660;
using Rootcast.Formats.Kernels;
using Rootcast.Formats.Partitions;
using Rootcast.Formats.Qcow2;
using Rootcast.Formats.Squashfs;

namespace Rootcast.Tests;

/// <summary>Headers and superblocks of what other programs make: read right, and nothing else than a refusal for any other bytes.</summary>
public sealed class SuperblockTests : IDisposable
{
    private const int Inputs = 20_000;
    private readonly TemporaryDirectory place = new();

    public void Dispose() => place.Dispose();

    [Theory]
    [InlineData("gzip", 4096)]
    [InlineData("xz", 65536)]
    [InlineData("zstd", 1048576)]
    [InlineData("lz4", 131072)]
    public void ASquashfsTellsItsCompressorAndBlocks(string compressor, int block)
    {
        string file = Squashfs("-comp", compressor, "-b", block.ToString());
        SquashfsSuperblock super = SquashfsSuperblock.Read(First(file, SquashfsSuperblock.BytesNeeded));
        Assert.Equal((compressor, block, 3u), (super.Compressor, super.BlockBytes, super.Inodes));
        Assert.InRange(super.Bytes, 100, new FileInfo(file).Length);
    }

    [Fact]
    public void AnErofsTellsItsCompressor()
    {
        ErofsSuperblock plain = ErofsSuperblock.Read(First(Erofs(), ErofsSuperblock.BytesNeeded));
        Assert.Equal((4096, 3ul), (plain.BlockBytes, plain.Inodes));
        Assert.Empty(plain.Compressors);
        ErofsSuperblock packed = ErofsSuperblock.Read(First(Erofs("-zlz4hc"), ErofsSuperblock.BytesNeeded));
        Assert.Equal(["lz4"], packed.Compressors);
        Assert.True(packed.Bytes > 0);
    }

    [Fact]
    public void PartitionsAreWhereSfdiskPutThem()
    {
        string gpt = Disk("label: gpt\nsize=4M, type=U, name=\"firmware\"\nsize=8M, type=L\n");
        byte[] first = First(gpt, GuidPartitionTable.BytesNeeded);
        GuidPartitionTable table = GuidPartitionTable.Read(first)!;
        IReadOnlyList<Partition> partitions = table.ReadEntries(First(gpt, 1 << 20).AsSpan((int)table.EntriesOffset, table.EntriesBytes));
        Assert.Equal(["firmware", null], partitions.Select(partition => partition.Name));
        Assert.Equal((1, 1L << 20, 4L << 20), (partitions[0].Number, partitions[0].Offset, partitions[0].Length));
        Assert.Equal((2, 5L << 20, 8L << 20), (partitions[1].Number, partitions[1].Offset, partitions[1].Length));
        Assert.True(MasterBootRecord.IsProtective(Assert.Single(MasterBootRecord.Read(first)!)));

        string mbr = Disk("label: dos\nsize=4M, type=83\nsize=8M, type=e\n");
        IReadOnlyList<Partition> entries = MasterBootRecord.Read(First(mbr, 512))!;
        Assert.Equal(
            [("83", 1L << 20, 4L << 20), ("0e", 5L << 20, 8L << 20)],
            entries.Select(each => (each.Type, each.Offset, each.Length))
        );
    }

    [Fact]
    public void ADamagedPartitionTableIsRefused()
    {
        byte[] first = First(Disk("label: gpt\nsize=4M\n"), GuidPartitionTable.BytesNeeded);
        first[512 + 72]++;
        Assert.Contains("sum", Assert.Throws<InvalidDataException>(() => GuidPartitionTable.Read(first)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AQcow2TellsItsDisk()
    {
        Qcow2Header header = Qcow2Header.Read(First(Qcow2(), Qcow2Header.BytesNeeded));
        Assert.Equal((3, 50L << 20, 65536, "zstd"), (header.Version, header.DiskBytes, header.ClusterBytes, header.Compressor));
        Assert.False(header.HasBackingFile || header.IsEncrypted);
    }

    [Fact]
    public void AKernelTellsItsVersion()
    {
        byte[] image = Kernel("6.1.0-9-amd64 (someone@host) #1");
        Assert.Equal("6.1.0-9-amd64", KernelImage.VersionOf(image));
        image[0x202] = 0;
        Assert.Null(KernelImage.VersionOf(image));
        Assert.Null(KernelImage.VersionOf(Kernel("../../etc/passwd ")));
        Fuzzing.Mutate(Inputs, Kernel("6.1.0 x"), bytes => KernelImage.VersionOf(bytes));
    }

    [Fact]
    public void NoSquashfsBytesDoHarm() =>
        Fuzzing.Mutate(Inputs, First(Squashfs(), SquashfsSuperblock.BytesNeeded), bytes => SquashfsSuperblock.Read(bytes));

    [Fact]
    public void NoErofsBytesDoHarm() =>
        Fuzzing.Mutate(Inputs, First(Erofs("-zlz4hc"), ErofsSuperblock.BytesNeeded), bytes => ErofsSuperblock.Read(bytes));

    [Fact]
    public void NoQcow2BytesDoHarm() => Fuzzing.Mutate(Inputs, First(Qcow2(), Qcow2Header.BytesNeeded), bytes => Qcow2Header.Read(bytes));

    [Fact]
    public void NoPartitionTableDoesHarm()
    {
        byte[] gpt = First(Disk("label: gpt\nsize=4M\n"), 34 * 512);
        GuidPartitionTable table = GuidPartitionTable.Read(gpt)!;
        Fuzzing.Mutate(Inputs, gpt[..1024], bytes => GuidPartitionTable.Read(bytes));
        Fuzzing.Mutate(Inputs, gpt[1024..], bytes => table.ReadEntries(bytes));
        Fuzzing.Mutate(Inputs, gpt[..512], bytes => MasterBootRecord.Read(bytes, 1 << 20));
    }

    [Fact]
    public void NoIsoDoesHarm()
    {
        Judge.Needs("xorriso");
        string tree = place.File("iso-tree");
        place.Write("iso-tree/directory/file", "data");
        File.CreateSymbolicLink(Path.Combine(tree, "link"), "../away/./directory/file");
        place.Write($"iso-tree/{new string('n', 200)}", "long");
        string boot = place.Write("iso-tree/boot.img", new string('b', 2048));
        string iso = place.File("fuzz.iso");
        Judge.Run(
            "xorriso",
            ["-as", "mkisofs", "-quiet", "-R", "-b", "boot.img", "-no-emul-boot", "-boot-load-size", "4", "-o", iso, tree]
        );
        Assert.NotNull(boot);
        byte[] all = File.ReadAllBytes(iso);
        IsoVolume volume = IsoVolume.Read(all.AsSpan(IsoVolume.Start, IsoVolume.BytesNeeded));
        byte[] directory = all[(int)(volume.Root.Block * 2048)..(int)((volume.Root.Block * 2048) + volume.Root.Length)];
        Assert.Contains(IsoDirectory.Read(directory, 0, Elsewhere), record => record.Target.ToString() == "../away/./directory/file");
        Assert.Contains(IsoDirectory.Read(directory, 0, Elsewhere), record => record.Name.Bytes.Length == 200);
        byte[] catalog = all[(int)volume.BootCatalog!.Value..][..ElTorito.BytesNeeded];
        Assert.Equal("BIOS", Assert.Single(ElTorito.Read(catalog)).Platform);

        Fuzzing.Mutate(Inputs, all[IsoVolume.Start..(IsoVolume.Start + (4 * 2048))], bytes => IsoVolume.Read(bytes));
        Fuzzing.Mutate(Inputs, directory, bytes => IsoDirectory.Read(bytes, 0, Elsewhere));
        Fuzzing.Mutate(Inputs, catalog[..256], bytes => ElTorito.Read(bytes));

        byte[] Elsewhere(long block, Range part)
        {
            long from = Math.Min((block * 2048) + part.Start.Value, all.Length);
            return all[(int)from..(int)Math.Min(from + part.End.Value - part.Start.Value, all.Length)];
        }
    }

    private static byte[] First(string file, int count)
    {
        using FileStream stream = File.OpenRead(file);
        byte[] bytes = new byte[count];
        return bytes[..stream.ReadAtLeast(bytes, count, throwOnEndOfStream: false)];
    }

    private string Tree()
    {
        place.Write("tree/directory/file", string.Concat(Enumerable.Repeat("data that can be compressed ", 5000)));
        return place.File("tree");
    }

    private string Squashfs(params string[] options)
    {
        Judge.Needs("mksquashfs");
        string file = place.File("squashfs");
        Judge.Run("mksquashfs", [Tree(), file, "-quiet", "-no-progress", "-noappend", .. options]);
        return file;
    }

    private string Erofs(params string[] options)
    {
        Judge.Needs("mkfs.erofs");
        string file = place.File($"erofs{options.Length}");
        Judge.Run("mkfs.erofs", ["--quiet", .. options, file, Tree()]);
        return file;
    }

    private string Disk(string table)
    {
        Judge.Needs("sfdisk");
        string file = place.File("disk");
        using (FileStream stream = new(file, FileMode.Create))
        {
            stream.SetLength(32 << 20);
        }
        Judge.Run("/sbin/sfdisk", ["--quiet", file], place.Write("table", table));
        return file;
    }

    private string Qcow2()
    {
        Judge.Needs("qemu-img");
        string file = place.File("qcow2");
        Judge.Run("qemu-img", ["create", "-q", "-f", "qcow2", "-o", "compression_type=zstd", file, "50M"]);
        return file;
    }

    private static byte[] Kernel(string version)
    {
        byte[] image = new byte[0x800];
        (image[0x1FE], image[0x1FF]) = (0x55, 0xAA);
        "HdrS"u8.CopyTo(image.AsSpan(0x202));
        image[0x20F] = 2;
        System.Text.Encoding.ASCII.GetBytes(version).CopyTo(image, 0x400);
        return image;
    }
}
