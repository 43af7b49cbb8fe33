using System.Text;
using Rootcast.Formats;
using Rootcast.Formats.Cpio;
using Rootcast.Formats.Tree;
using Rootcast.Images.Cpio;
using Rootcast.Images.Initramfs;

namespace Rootcast.Tests;

public sealed class CpioCheckTests
{
    [Fact]
    public void A_whole_archive_has_no_findings()
    {
        Assert.Empty(Check(Archive(("dir", NodeKind.Directory), ("dir/file", NodeKind.File)), out int entries));
        Assert.Equal(2, entries);
    }

    [Fact]
    public void A_file_without_its_directory_cannot_be_made_unless_a_link_may_lead_there()
    {
        CpioFinding finding = Assert.Single(Check(Archive(("dir/file", NodeKind.File)), out _));
        Assert.True(finding.Breaks);
        Assert.Contains("its directory dir does not come before it", finding.Reason, StringComparison.Ordinal);
        Assert.Empty(Check(Archive(("link", NodeKind.Symlink), ("link/below/file", NodeKind.File), ("dev/null2", NodeKind.File)), out _));
    }

    [Fact]
    public void A_missing_trailer_is_noted_and_a_cut_breaks()
    {
        byte[] whole = Archive(("a", NodeKind.File));
        int trailer = whole.AsSpan().IndexOf("TRAILER!!!"u8) - 110;
        CpioFinding note = Assert.Single(Check(whole[..trailer], out _));
        Assert.False(note.Breaks);
        CpioFinding cut = Check(whole[..(trailer - 3)], out _)[0];
        Assert.True(cut.Breaks);
        Assert.Contains("the kernel stops here", cut.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_sum_breaks_with_070702_and_is_ignored_with_070701()
    {
        byte[] bytes = Archive(("first", NodeKind.File), ("second", NodeKind.File));
        Assert.Empty(Check(bytes, out _));
        int header = bytes.AsSpan().IndexOf("second\0"u8) - 110;
        bytes[header + 5] = (byte)'2';
        CpioFinding wrong = Assert.Single(Check(bytes, out _));
        Assert.True(wrong.Breaks);
        Assert.Equal(header, wrong.Offset);
        Assert.Contains("sum", wrong.Reason, StringComparison.Ordinal);
        int sum = "data of second"u8.ToArray().Sum(each => each);
        Encoding.ASCII.GetBytes(sum.ToString("X8")).CopyTo(bytes.AsSpan(header + 102));
        Assert.Empty(Check(bytes, out int entries));
        Assert.Equal(2, entries);
    }

    [Fact]
    public void What_the_kernel_passes_over_breaks()
    {
        byte[] bytes = Archive(("a", NodeKind.File));
        "00001001"u8.CopyTo(bytes.AsSpan(94));
        Assert.Contains(Check([.. bytes, .. new byte[8192]], out _), finding => finding.Breaks);
    }

    [Fact]
    public void Data_on_the_last_of_several_names_is_unpacked()
    {
        using TemporaryDirectory directory = new();
        byte[] bytes = Archive(("first", NodeKind.File), ("second", NodeKind.File));
        // One inode with two names, of which the first has no data.
        int first = bytes.AsSpan().IndexOf("first\0"u8) - 110;
        int second = bytes.AsSpan().IndexOf("second\0"u8) - 110;
        byte[] joined = [.. bytes[first..(first + 116)], .. bytes[second..]];
        foreach (int header in (int[])[0, 116])
        {
            "00000001"u8.CopyTo(joined.AsSpan(header + 6));
            "00000002"u8.CopyTo(joined.AsSpan(header + 38));
        }
        "00000000"u8.CopyTo(joined.AsSpan(54));
        string archive = directory.File("archive");
        File.WriteAllBytes(archive, joined);
        string root = directory.File("root");
        Assert.Equal(2, InitramfsContents.Extract(archive, root, cancellation: TestContext.Current.CancellationToken));
        Assert.Equal("data of second", File.ReadAllText(root + "/first"));
        Assert.Equal("data of second", File.ReadAllText(root + "/second"));
    }

    private static IReadOnlyList<CpioFinding> Check(byte[] bytes, out int entries) => CpioCheck.Run(new MemoryStream(bytes), out entries);

    private static byte[] Archive(params (string Path, NodeKind Kind)[] entries)
    {
        MemoryStream stream = new();
        CpioWriter writer = new(stream);
        foreach ((string path, NodeKind kind) in entries)
        {
            byte[] data = kind == NodeKind.File ? Encoding.UTF8.GetBytes($"data of {path}") : [];
            TreeEntry entry = new()
            {
                Path = UnixPath.From(path),
                Kind = kind,
                Mode = 0x1ED,
                Size = data.Length,
                Target = kind == NodeKind.Symlink ? UnixPath.From("elsewhere") : default,
            };
            writer.Write(entry, data);
        }
        writer.Finish();
        return stream.ToArray();
    }
}
