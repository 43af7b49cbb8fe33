using System.Diagnostics;
using System.Text;
using Rootcast.Formats;
using Rootcast.Formats.Cpio;
using Rootcast.Formats.Tar;
using Rootcast.Formats.Tree;

namespace Rootcast.Tests;

/// <summary>Outside judges: the programs that people use read what we write, and we read what they write.</summary>
public sealed class ArchiveToolTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("rootcast-archive-").FullName;

    // The framework can't delete names that are not UTF-8.
    public void Dispose() => Run("rm", "-rf", directory);

    [Theory]
    [InlineData("tar")]
    [InlineData("bsdtar")]
    public void TarsListEverythingWeWrite(string program)
    {
        string archive = Save("a.tar", TarRoundTripTests.WriteSample());
        string list = Run(program, "-tvf", archive);
        Assert.Equal(SampleTree.Entries.Count, list.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Matches(@"crw-rw-rw- .* 1, ?3 .*dev/null", list);
        Assert.Matches(@"brw-rw---- .* 259, ?1048575 .*dev/large", list);
        Assert.Matches(@"-rwsr-xr-x.* 1000 *[/ ] *4000000000", list);
        Assert.Matches($"link to \\.?/?setuid", list);
        Assert.Contains(SampleTree.LongName.ToString(), list, StringComparison.Ordinal);
        Assert.Matches(@"1048576 .* sparse", list);
        Assert.Contains("soft -> ../some/where", list, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tar")]
    [InlineData("bsdtar")]
    public void TarsUnpackTheDataWeWrite(string program)
    {
        MemoryStream stream = new();
        TarWriter writer = new(stream);
        foreach ((TreeEntry entry, byte[] data) in SampleTree.Entries)
        {
            // Devices, foreign owners and times before 1970 need root or a file system that has them.
            if (
                entry.Kind is NodeKind.File or NodeKind.Symlink or NodeKind.HardLink
                && entry.Path.Bytes.Length < 300
                && entry.ModifiedSeconds >= 0
            )
            {
                writer.Write(entry with { Attributes = [], ModifiedSeconds = Math.Min(entry.ModifiedSeconds, 1 << 30) }, data);
            }
        }
        writer.Finish();
        string archive = Save("a.tar", stream.ToArray());
        string into = Directory.CreateDirectory(Path.Combine(directory, "out")).FullName;
        Run(program, "-xf", archive, "-C", into, "--no-same-owner");
        byte[] sparse = File.ReadAllBytes(Path.Combine(into, "sparse"));
        byte[] ranges = SampleTree.Bytes(12_288);
        byte[] whole = new byte[1 << 20];
        ranges.AsSpan(0, 8192).CopyTo(whole.AsSpan(4096));
        ranges.AsSpan(8192).CopyTo(whole.AsSpan(65_536));
        Assert.True(whole.AsSpan().SequenceEqual(sparse));
        Assert.Equal(1L << 30, new FileInfo(Path.Combine(into, "hole")).Length);
        Assert.Equal(SampleTree.Bytes(700_001), File.ReadAllBytes(Path.Combine(into, "large")));
        Assert.Equal(SampleTree.Bytes(3), File.ReadAllBytes(Path.Combine(into, "hard")));
        Assert.Equal(new string('t', 300), new FileInfo(Path.Combine(into, "soft-long")).LinkTarget);
    }

    [Theory]
    [InlineData("tar", "--format=ustar")]
    [InlineData("tar", "--format=gnu")]
    [InlineData("tar", "--format=pax")]
    [InlineData("tar", "--format=gnu", "--sparse")]
    [InlineData("tar", "--format=pax", "--sparse", "--sparse-version=0.0")]
    [InlineData("tar", "--format=pax", "--sparse", "--sparse-version=0.1")]
    [InlineData("tar", "--format=pax", "--sparse", "--sparse-version=1.0")]
    [InlineData("tar", "--format=v7")]
    [InlineData("bsdtar", "--format=ustar")]
    [InlineData("bsdtar", "--format=pax")]
    [InlineData("bsdtar", "--format=gnutar")]
    public void WeReadWhatTarsWrite(string program, params string[] options)
    {
        string tree = MakeTree(longNames: !options.Contains("--format=ustar") && !options.Contains("--format=v7"));
        string archive = Path.Combine(directory, "b.tar");
        if (options.Contains("--format=v7"))
        {
            File.Delete(Path.Combine(tree, "pipe"));
        }
        Run(program, ["-cf", archive, .. options, "-C", tree, "."]);
        using FileStream stream = File.OpenRead(archive);
        TarReader reader = new(stream, 4096);
        HashSet<string> names = [];
        while (reader.Next() is { } entry)
        {
            string name = entry.Path.ToString();
            names.Add(name);
            string file = Path.Combine(tree, name);
            if (entry.Kind == NodeKind.File)
            {
                byte[] content = new byte[entry.Size];
                while (reader.ReadData(out long offset, out ReadOnlySpan<byte> bytes))
                {
                    bytes.CopyTo(content.AsSpan((int)offset));
                }
                Assert.True(content.AsSpan().SequenceEqual(File.ReadAllBytes(file)), name);
                Assert.True(entry.DataRanges is not null || name != "sparse" || !options.Contains("--sparse"));
                Assert.Equal((int)File.GetUnixFileMode(file), entry.Mode);
                Assert.Equal(new DateTimeOffset(File.GetLastWriteTimeUtc(file)).ToUnixTimeSeconds(), entry.ModifiedSeconds);
            }
            else if (entry.Kind == NodeKind.Symlink)
            {
                Assert.Equal(new FileInfo(file).LinkTarget, entry.Target.ToString());
            }
        }
        Assert.True(reader.EndMarkSeen);
        Assert.Equal(Directory.EnumerateFileSystemEntries(tree, "*", SearchOption.AllDirectories).Count() + 1, names.Count);
    }

    [Fact]
    public void AttributesOfOthersAreRead()
    {
        string file = Path.Combine(directory, "f");
        File.WriteAllText(file, "x");
        Assert.SkipUnless(
            TryRun("setfattr", out _, "-n", "user.note", "-v", "value", file),
            "setfattr is missing, or this file system has no attributes"
        );
        foreach (string program in new[] { "tar", "bsdtar" })
        {
            string archive = Path.Combine(directory, program);
            Run(program, "--format=pax", "--xattrs", "-cf", archive, "-C", directory, "f");
            using FileStream stream = File.OpenRead(archive);
            ExtendedAttribute attribute = Assert.Single(new TarReader(stream).Next()!.Attributes);
            Assert.Equal(("user.note", "value"), (attribute.Name, Encoding.UTF8.GetString(attribute.Value.Span)));
        }
    }

    [Fact]
    public void SqfstarReadsWhatWeWrite()
    {
        // squashfs has 32 bits for times from 1970 on; sqfstar 4.5 stops at others.
        (TreeEntry Entry, byte[] Data)[] entries =
        [
            .. SampleTree.Entries.Where(sample => sample.Entry.ModifiedSeconds is >= 0 and <= uint.MaxValue),
        ];
        MemoryStream stream = new();
        TarWriter writer = new(stream);
        foreach ((TreeEntry entry, byte[] data) in entries)
        {
            writer.Write(entry, data);
        }
        writer.Finish();
        string archive = Save("a.tar", stream.ToArray());
        string image = Path.Combine(directory, "image");
        Run("/bin/sh", "-c", $"sqfstar -no-progress -quiet '{image}' < '{archive}'");
        string list = Run("unsquashfs", "-lln", image);
        Assert.Equal(
            entries.Length,
            list.Split('\n').Count(line => line.Contains("squashfs-root", StringComparison.Ordinal)) - MissingParents()
        );
        Assert.Matches(@"crw-rw-rw- 0/0 +1, +3 .*squashfs-root/dev/null", list);
        Assert.Matches(@"-rw-r--r-- 0/0 +1048576 .*squashfs-root/sparse", list);
        Assert.Matches(@"-rwsr-xr-x 1000/4000000000 +3 .*squashfs-root/hard", list);

        // The directories of the long name have no entries of their own.
        static int MissingParents() => SampleTree.LongName.ToString().Count(letter => letter == '/');
    }

    [Theory]
    [InlineData("cpio", "-idm", "--quiet", "--no-absolute-filenames")]
    [InlineData("bsdcpio", "-idm")]
    [InlineData("busybox", "cpio", "-idm")]
    public void CpiosUnpackWhatWeWrite(string program, params string[] options)
    {
        byte[] large = SampleTree.Bytes(50_000);
        byte[] archive = CpioWriterTests.Written(writer =>
        {
            writer.Write(SampleTree.Entry("dir", NodeKind.Directory, 0x1ed));
            writer.Write(SampleTree.File("dir/aligned", large.Length) with { ModifiedSeconds = 1_600_000_000 }, large, 512);
            writer.Write(SampleTree.File("first", 5), "hello"u8, linkCount: 3);
            writer.Write(SampleTree.Entry("second", NodeKind.HardLink, 0x1a4) with { Target = UnixPath.From("first") });
            writer.Write(SampleTree.Entry("third", NodeKind.HardLink, 0x1a4) with { Target = UnixPath.From("first") });
            writer.Write(SampleTree.Entry("soft", NodeKind.Symlink, 0x1ff) with { Target = UnixPath.From("first") });
            writer.Write(SampleTree.File("empty", 0));
        });
        string input = Save("a.cpio", archive);
        string into = Directory.CreateDirectory(Path.Combine(directory, "out")).FullName;
        RequireProgram(program);
        Run("/bin/sh", "-c", $"cd '{into}' && {program} {string.Join(' ', options)} < '{input}'");
        Assert.Equal(large, File.ReadAllBytes(Path.Combine(into, "dir/aligned")));
        Assert.All(new[] { "first", "second", "third", "soft" }, name => Assert.Equal("hello", File.ReadAllText(Path.Combine(into, name))));
        Assert.Equal(0, new FileInfo(Path.Combine(into, "empty")).Length);
        Assert.Equal("3", Run("stat", "-c", "%h", Path.Combine(into, "first")).Trim());
    }

    /// <summary>toybox's cpio.test: lengths of names and data up to the next multiple of 4.</summary>
    [Theory]
    [InlineData("cpio -id --quiet")]
    [InlineData("bsdcpio -id --quiet")]
    [InlineData("busybox cpio -id")]
    public void CpiosUnpackAllNameAndSizeRemainders(string command)
    {
        RequireProgram(command.Split(' ')[0]);
        (string Name, string Data)[] files =
        [
            .. from name in Enumerable.Range(1, 8)
            from size in Enumerable.Range(0, 8)
            select (new string((char)('a' + size), name), new string('x', size)),
        ];
        string input = Save(
            "a.cpio",
            CpioWriterTests.Written(
                writer =>
                {
                    foreach ((string name, string data) in files)
                    {
                        writer.Write(SampleTree.File(name, data.Length), Encoding.ASCII.GetBytes(data));
                    }
                },
                4
            )
        );
        string into = Directory.CreateDirectory(Path.Combine(directory, "out")).FullName;
        Run("/bin/sh", "-c", $"cd '{into}' && {command} < '{input}'");
        Assert.All(files, file => Assert.Equal(file.Data, File.ReadAllText(Path.Combine(into, file.Name))));
    }

    [Theory]
    [InlineData("cpio", "newc")]
    [InlineData("cpio", "crc")]
    [InlineData("bsdcpio", "newc")]
    public void WeReadWhatCpiosWrite(string program, string format)
    {
        RequireProgram(program);
        string tree = MakeTree(longNames: true);
        string archive = Path.Combine(directory, "b.cpio");
        Run("/bin/sh", "-c", $"cd '{tree}' && find . | LC_ALL=C sort | {program} -o -H {format} > '{archive}'");
        using FileStream stream = File.OpenRead(archive);
        CpioReader reader = new(stream);
        Dictionary<string, byte[]> contents = [];
        HashSet<string> names = [];
        while (reader.Next() is { } entry)
        {
            names.Add(entry.Path.ToString());
            string owner = entry.Kind == NodeKind.HardLink ? entry.Target.ToString() : entry.Path.ToString();
            byte[] content = Encoding.Latin1.GetBytes(CpioReaderTests.Text(reader));
            if (entry.Kind is NodeKind.File or NodeKind.HardLink && (content.Length > 0 || !contents.ContainsKey(owner)))
            {
                contents[owner] = content;
            }
        }
        Assert.Empty(reader.Problems);
        Assert.Equal(Directory.EnumerateFileSystemEntries(tree, "*", SearchOption.AllDirectories).Count() + 1, names.Count);
        Assert.All(
            contents,
            file => Assert.True(file.Value.AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(tree, file.Key))), file.Key)
        );
    }

    [Fact]
    public void MembersOfRealCompressorsEndWhereTheyEnd()
    {
        string input = Save("a.cpio", CpioWriterTests.WriteSample());
        byte[] small = CpioBytes.Join(CpioBytes.Entry("small", data: new string('x', 300_000)), CpioBytes.Trailer);
        string second = Save("b.cpio", small);
        Dictionary<InitrdCompression, string> programs = new() { [InitrdCompression.Zstd] = "zstd", [InitrdCompression.Lz4Legacy] = "lz4" };
        byte[][] members =
        [
            small,
            Packed("zstd", "-3", input),
            Packed("zstd", "-19", "--no-check", second),
            Packed("gzip", "-9", input),
            Packed("lz4", "-l", input),
            new byte[12],
            Packed("zstd", "--fast", input),
            Packed("gzip", "-1", second),
        ];
        using InitrdReader reader = new(new PipeLikeStream(CpioBytes.Join(members)), Open);
        int entries = 0;
        while (reader.Next() is { } entry)
        {
            entries++;
            if (entry.Path == UnixPath.From("large"))
            {
                Assert.Equal(Encoding.Latin1.GetString(SampleTree.Bytes(700_001)), ReadText(reader));
            }
        }
        Assert.Equal(3 + 4 * CpioWriterTests.Sample().Count, entries);
        Assert.Empty(reader.Problems);
        Assert.Equal(7, reader.Members.Count);

        byte[] Packed(string program, params string[] arguments)
        {
            string to = Path.Combine(directory, "packed");
            RequireProgram(program);
            Run("/bin/sh", "-c", $"{program} -q -c {string.Join(' ', arguments)} > '{to}'");
            return File.ReadAllBytes(to);
        }

        MemoryStream Open(InitrdCompression compression, Stream compressed)
        {
            MemoryStream all = new();
            compressed.CopyTo(all);
            string from = Save("member", all.ToArray());
            string to = Path.Combine(directory, "unpacked");
            Run("/bin/sh", "-c", $"{programs[compression]} -q -dc < '{from}' > '{to}'");
            return new MemoryStream(File.ReadAllBytes(to));
        }

        static string ReadText(InitrdReader reader)
        {
            StringBuilder text = new();
            while (reader.ReadData(out ReadOnlySpan<byte> bytes))
            {
                text.Append(Encoding.Latin1.GetString(bytes));
            }
            return text.ToString();
        }
    }

    private string MakeTree(bool longNames)
    {
        string tree = Path.Combine(directory, "tree");
        Directory.CreateDirectory(Path.Combine(tree, "dir/sub"));
        File.WriteAllBytes(Path.Combine(tree, "dir/file"), SampleTree.Bytes(70_000));
        File.WriteAllBytes(Path.Combine(tree, "empty"), []);
        File.WriteAllText(Path.Combine(tree, "run"), "#!/bin/sh\n");
        File.SetUnixFileMode(Path.Combine(tree, "run"), (UnixFileMode)0x9ed);
        File.CreateSymbolicLink(Path.Combine(tree, "soft"), "dir/file");
        Run("ln", Path.Combine(tree, "run"), Path.Combine(tree, "second"));
        Run("mkfifo", Path.Combine(tree, "pipe"));
        using (FileStream sparse = File.Create(Path.Combine(tree, "sparse")))
        {
            for (int index = 0; index < 30; index++)
            {
                sparse.Seek(index * 131_072, SeekOrigin.Begin);
                sparse.Write(SampleTree.Bytes(4096));
            }
            sparse.SetLength(30 * 131_072);
        }
        if (longNames)
        {
            string name = new('n', 200);
            File.WriteAllText(Path.Combine(tree, "dir", name), "long");
            File.CreateSymbolicLink(Path.Combine(tree, "long"), new string('t', 180));
        }
        return tree;
    }

    private string Save(string name, byte[] bytes)
    {
        string file = Path.Combine(directory, name);
        File.WriteAllBytes(file, bytes);
        return file;
    }

    private static void RequireProgram(string program) =>
        Assert.SkipUnless(
            program[0] == '/'
                || Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(path => File.Exists(Path.Combine(path, program))),
            $"{program} is not installed"
        );

    private static string Run(string program, params string[] arguments)
    {
        RequireProgram(program);
        Assert.True(TryRun(program, out string output, arguments), $"{program} {string.Join(' ', arguments)}: {output}");
        return output;
    }

    private static bool TryRun(string program, out string output, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["LC_ALL"] = "C.UTF-8";
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            output = process.ExitCode == 0 ? output : output + errors.GetAwaiter().GetResult();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            output = error.Message;
            return false;
        }
    }
}
