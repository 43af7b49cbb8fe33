using System.Text;
using Rootcast.Formats;
using Rootcast.Formats.Tree;

namespace Rootcast.Tests;

/// <summary>Whole archives as literals, counted out by hand from buffer-format.rst, as 3cpio's and libarchive's suites have them.</summary>
public class CpioLiteralTests
{
    private const string Zero = "00000000";
    private const string One = "00000001";

    /// <summary>3cpio: data at multiples of 32. The name of the first file takes NULs up to 128, the second up to 288; what has no data takes none.</summary>
    [Fact]
    public void FilesAlignedTo32AreThisToTheByte()
    {
        byte[] archive = CpioWriterTests.Written(
            writer =>
            {
                writer.Write(SampleTree.Entry("d", NodeKind.Directory, 0x1ed), 1);
                writer.Write(SampleTree.File("d/x", 6) with { Uid = 1, Gid = 2, ModifiedSeconds = 3 }, "sixsix"u8, 32);
                writer.Write(SampleTree.File("e", 0), [], 32);
                writer.Write(SampleTree.File("f", 1), "1"u8, 32);
            },
            4
        );
        AssertLiteral(
            archive,
            // 0: header, "d" and its NUL end at 112.
            "070701" + One + "000041ED" + Zero + Zero + "00000002" + Zero + Zero + Zero + Zero + Zero + Zero + "00000002" + Zero,
            "d\0",
            // 112: header up to 222, name and its NULs up to 254, the pad of any name up to 256; data and its pad up to 264.
            "070701"
                + "00000002"
                + "000081A4"
                + One
                + "00000002"
                + One
                + "00000003"
                + "00000006"
                + Zero
                + Zero
                + Zero
                + Zero
                + "00000020"
                + Zero,
            "d/x" + new string('\0', 31),
            "sixsix\0\0",
            // 264: no data, so no NULs but the name's.
            "070701" + "00000003" + "000081A4" + Zero + Zero + One + Zero + Zero + Zero + Zero + Zero + Zero + "00000002" + Zero,
            "e\0",
            // 376: header up to 486, name and NULs up to 512.
            "070701" + "00000004" + "000081A4" + Zero + Zero + One + Zero + One + Zero + Zero + Zero + Zero + "0000001A" + Zero,
            "f" + new string('\0', 25),
            "1\0\0\0",
            Trailer
        );
    }

    /// <summary>3cpio, dracut-cpio: names of one file share number and count; ours has the data with the first.</summary>
    [Fact]
    public void HardLinksAreThisToTheByte()
    {
        byte[] archive = CpioWriterTests.Written(
            writer =>
            {
                writer.Write(SampleTree.File("a", 3), "abc"u8, linkCount: 3);
                foreach (string name in (string[])["b", "cc"])
                {
                    writer.Write(SampleTree.Entry(name, NodeKind.HardLink, 0x1a4) with { Target = UnixPath.From("a") });
                }
                writer.Write(SampleTree.File("d", 0));
            },
            4
        );
        AssertLiteral(
            archive,
            Header(1, 3, 3, 2),
            "a\0abc\0",
            Header(1, 3, 0, 2),
            "b\0",
            Header(1, 3, 0, 3),
            "cc\0\0\0\0",
            Header(2, 1, 0, 2),
            "d\0",
            Trailer
        );

        static string Header(int inode, int links, int size, int name) =>
            $"070701{inode:X8}000081A4{Zero}{Zero}{links:X8}{Zero}{size:X8}{Zero}{Zero}{Zero}{Zero}{name:X8}{Zero}";
    }

    /// <summary>buffer-format.rst: c_filesize is 0 for all but files and symbolic links; c_rdev is 0 for all but devices.</summary>
    [Theory]
    [InlineData(NodeKind.Directory, "00004", false)]
    [InlineData(NodeKind.CharacterDevice, "00002", true)]
    [InlineData(NodeKind.BlockDevice, "00006", true)]
    [InlineData(NodeKind.Fifo, "00001", false)]
    [InlineData(NodeKind.Socket, "0000C", false)]
    public void WhatHasNoDataHasSizeZero(NodeKind kind, string type, bool device)
    {
        TreeEntry entry = SampleTree.Entry("n", kind, 0x1a4) with { DeviceMajor = 0xfed, DeviceMinor = 0xabcde, Size = 77 };
        string text = Encoding.ASCII.GetString(CpioWriterTests.Written(writer => writer.Write(entry)));
        Assert.Equal($"{type}1A4", text[14..22]);
        Assert.Equal(Zero, text[54..62]);
        Assert.Equal(device ? "00000FED000ABCDE" : Zero + Zero, text[78..94]);
    }

    private static string Trailer =>
        "070701" + Zero + Zero + Zero + Zero + One + Zero + Zero + Zero + Zero + Zero + Zero + "0000000B" + Zero + "TRAILER!!!\0\0\0\0";

    private static void AssertLiteral(byte[] archive, params string[] parts) =>
        Assert.Equal(string.Concat(parts), Encoding.ASCII.GetString(archive));
}
