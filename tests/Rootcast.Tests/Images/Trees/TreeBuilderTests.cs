using System.Diagnostics;
using System.Text;
using Rootcast.Contract;
using Rootcast.Formats;
using Rootcast.Formats.Tar;
using Rootcast.Formats.Tree;
using Rootcast.Images.Progress;
using Rootcast.Images.Recipes;
using Rootcast.Images.Trees;

namespace Rootcast.Tests;

public sealed class TreeBuilderTests : IDisposable
{
    private readonly TemporaryDirectory place = new();

    private string Tree => place.File("tree");

    public void Dispose() => place.Dispose();

    [Fact]
    public async Task DirectoryBecomesATarThatHasEverything()
    {
        Shell(
            """
            mkdir -p a/empty 'sp ace' && cd a
            printf data >file && ln file hard && ln -s file link && ln -s /nowhere dangling
            chmod 4755 file && mkfifo fifo && chmod 1777 empty
            printf x >"$(printf 'odd\377\n\\name')"
            truncate -s 3000000 sparse && printf middle | dd of=sparse bs=1 seek=1000000 conv=notrunc status=none
            truncate -s 100000 hole
            touch -d '2001-02-03 04:05:06.789012345 UTC' file
            : >nothing
            """
        );
        TreeArchive archive = await Build(new DirectorySource(Tree));
        Dictionary<string, TreeEntry> entries = Entries(archive);
        Assert.Equal("", entries.Keys.First());
        Assert.Equal(entries.Keys.OrderBy(UnixPath.From), entries.Keys);
        Assert.Equal((NodeKind.File, 0x9ED, 4L), (entries["a/file"].Kind, entries["a/file"].Mode, entries["a/file"].Size));
        Assert.Equal((981173106L, 789012345), (entries["a/file"].ModifiedSeconds, entries["a/file"].ModifiedNanoseconds));
        Assert.Equal((NodeKind.HardLink, "a/file"), (entries["a/hard"].Kind, entries["a/hard"].Target.ToString()));
        Assert.Equal("/nowhere", entries["a/dangling"].Target.ToString());
        Assert.Equal(NodeKind.Fifo, entries["a/fifo"].Kind);
        Assert.Equal(0x3FF, entries["a/empty"].Mode);
        Assert.Equal(1, entries[@"a/odd\xff\x0a\x5cname"].Size);
        Assert.Equal(3_000_000, entries["a/sparse"].Size);
        Assert.InRange(entries["a/sparse"].DataRanges!.Sum(range => range.Length), 6, 100_000);
        Assert.Empty(entries["a/hole"].DataRanges!);
        Assert.InRange(archive.Bytes, 1, 200_000);
        Assert.Equal(entries.Count, archive.Entries);
        // GNU tar judges: it finds no difference between the archive and the directory.
        Assert.Equal("", Run("tar", "-C", Tree, "--compare", "--numeric-owner", "-f", archive.TarPath));
    }

    [Fact]
    public async Task TarBecomesTheSameTarWhateverItsOrderAndCompression()
    {
        Shell(
            "mkdir -p b/c && printf 1 >b/c/1 && ln b/c/1 a && ln -s a z && truncate -s 1M b/s && printf 1 >>b/s && touch -d @1000000000 b/c/1 ."
        );
        TreeArchive direct = await Build(new DirectorySource(Tree));
        foreach (string option in new[] { "", "--gzip", "--xz", "--bzip2", "--zstd" })
        {
            string tar = place.File("given.tar");
            File.Delete(tar);
            // Files first, ./ names, the hard link's other name as the file, and no entry for the directory b.
            string files = "./z ./b/c/1 ./a ./b/s .";
            Run(
                "sh",
                "-c",
                $"cd {Tree} && tar -c --format=posix --sparse --numeric-owner {option} -f {tar} --no-recursion {files} ./b/c ./b"
            );
            TreeArchive again = await Build(new TarSource(tar));
            Assert.Equal(Run("tar", "--full-time", "-tvf", direct.TarPath), Run("tar", "--full-time", "-tvf", again.TarPath));
            Assert.Equal(direct.Digest, again.Digest);
        }
    }

    [Fact]
    public async Task TarsOwnDirectoryEntriesMayBeMissing()
    {
        Shell("mkdir -p usr/bin && printf 1 >usr/bin/x && ln -s usr/bin bin");
        string tar = place.File("given.tar");
        Run("tar", "-C", Tree, "-cf", tar, "usr/bin/x", "bin");
        Assert.Equal(["", "bin", "usr", "usr/bin", "usr/bin/x"], Entries(await Build(new TarSource(tar))).Keys);
    }

    [Fact]
    public async Task LaterEntryOfATarWins()
    {
        Shell("printf old >x && ln x linked");
        string tar = place.File("given.tar");
        Run("tar", "-C", Tree, "-cf", tar, "x", "linked");
        Shell("rm x && printf newer >x");
        Run("tar", "-C", Tree, "-rf", tar, "x");
        TreeArchive archive = await Build(new TarSource(tar));
        Assert.Equal("old", Content(archive, "linked"));
        Assert.Equal("newer", Content(archive, "x"));
    }

    [Theory]
    [InlineData("cut at the end", 1536)]
    [InlineData("cut in data", 700)]
    [InlineData("cut in a header", 100)]
    public async Task CutTarIsRefused(string how, int length)
    {
        Shell("printf data >file");
        string tar = place.File("given.tar");
        Run("tar", "-C", Tree, "-cf", tar, ".");
        using (FileStream file = File.OpenWrite(tar))
        {
            file.SetLength(length);
        }
        UserError error = await Assert.ThrowsAsync<UserError>(() => Build(new TarSource(tar)));
        Assert.Contains("is no whole tar archive", error.Message, StringComparison.Ordinal);
        Assert.True(how.Length > 0);
    }

    [Fact]
    public async Task TarThatIsNotThereIsAnErrorOfTheRecipe()
    {
        TarSource source = new("/nonexistent.tar") { Place = new RecipePlace("r.yaml", 3, 8) };
        UserError error = await Assert.ThrowsAsync<UserError>(() => Build(source));
        Assert.StartsWith("r.yaml:3:8: /nonexistent.tar cannot be read", error.Message, StringComparison.Ordinal);
        Assert.Equal(UserErrorKind.Input, error.Kind);
    }

    [Fact]
    public async Task DirectoryThatIsNotThereIsAnError() =>
        Assert.Equal(UserErrorKind.Input, (await Assert.ThrowsAsync<UserError>(() => Build(new DirectorySource("/nonexistent")))).Kind);

    [Fact]
    public async Task EditsAreInTheArchive()
    {
        Shell(
            """
            mkdir -p etc usr/lib root && ln -s usr/lib lib
            printf 'root:x:0:0::/root:/bin/sh\nuser:x:1:1::/:/bin/sh\n' >etc/passwd
            printf 'root:old:1:0:99999:7:::\nuser:*:1::::::\n' >etc/shadow && chmod 640 etc/shadow
            printf '127.0.0.1\tlocalhost\n# caf\351\n127.0.1.1\told\n' >etc/hosts
            printf old >etc/replaced && ln etc/replaced etc/kept
            """
        );
        string from = place.Write("from", "taken");
        Recipe recipe = Recipe(new DirectorySource(Tree)) with
        {
            Hostname = "web.example.org",
            Root = new RecipeRoot { PasswordHash = "$6$x", SshKeys = ["ssh-ed25519 AAAA", "ssh-rsa BBBB", "ssh-rsa BBBB"] },
            Files =
            [
                new RecipeFile
                {
                    Path = "/etc/replaced",
                    Content = "é\n",
                    Mode = 0x1C0,
                    Owner = 5,
                    Group = 6,
                },
                new RecipeFile { Path = "/lib/deep/er/file", From = from },
                new RecipeFile { Path = "/etc/empty", Content = "" },
            ],
        };
        TreeArchive archive = await Build(recipe);
        Dictionary<string, TreeEntry> entries = Entries(archive);
        Assert.Equal("web.example.org\n", Content(archive, "etc/hostname"));
        Assert.Equal("127.0.0.1\tlocalhost\n# caf\u00e9\n127.0.1.1\tweb.example.org web\n", Content(archive, "etc/hosts", Encoding.Latin1));
        Assert.Equal("root:$6$x:1:0:99999:7:::\nuser:*:1::::::\n", Content(archive, "etc/shadow"));
        Assert.Equal(0x1A0, entries["etc/shadow"].Mode);
        Assert.Equal("ssh-ed25519 AAAA\nssh-rsa BBBB\n", Content(archive, "root/.ssh/authorized_keys"));
        Assert.Equal((0x1C0, 0x180), (entries["root/.ssh"].Mode, entries["root/.ssh/authorized_keys"].Mode));
        Assert.Equal("é\n", Content(archive, "etc/replaced"));
        Assert.Equal((0x1C0, 5u, 6u), (entries["etc/replaced"].Mode, entries["etc/replaced"].Uid, entries["etc/replaced"].Gid));
        Assert.Equal("old", Content(archive, "etc/kept"));
        Assert.Equal("taken", Content(archive, "usr/lib/deep/er/file"));
        Assert.Equal((NodeKind.Directory, 0x1ED), (entries["usr/lib/deep"].Kind, entries["usr/lib/deep"].Mode));
        Assert.Equal(NodeKind.Symlink, entries["lib"].Kind);
        Assert.Equal("", Content(archive, "etc/empty"));
    }

    [Fact]
    public async Task FileCannotTakeADirectorysPlace()
    {
        Shell("mkdir -p etc/x");
        RecipeFile file = new()
        {
            Path = "/etc/x",
            Content = "",
            Place = new RecipePlace("r.yaml", 9, 5),
        };
        UserError error = await Assert.ThrowsAsync<UserError>(() => Build(Recipe(new DirectorySource(Tree)) with { Files = [file] }));
        Assert.StartsWith("r.yaml:9:5: /etc/x is a directory", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PasswordNeedsARoot()
    {
        Shell("mkdir etc");
        Recipe recipe = Recipe(new DirectorySource(Tree)) with { Root = new RecipeRoot { PasswordHash = "*" } };
        Assert.Contains(
            "no root in /etc/passwd",
            (await Assert.ThrowsAsync<UserError>(() => Build(recipe))).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task UnchangedTreeIsNotReadAgainAndAChangedOneIs()
    {
        Shell("printf 1 >a; printf 2 >b");
        Recipe recipe = Recipe(new DirectorySource(Tree));
        TreeArchive first = await Build(recipe);
        Assert.Equal(first, await Build(recipe));
        DateTime written = File.GetLastWriteTimeUtc(first.TarPath);
        Assert.Equal(written, File.GetLastWriteTimeUtc((await Build(recipe)).TarPath));
        // Same size and same modification time: only the time of change tells.
        Shell("touch -r a ref; printf 3 >a; touch -r ref a; rm ref");
        TreeArchive second = await Build(recipe);
        Assert.NotEqual(first.Digest, second.Digest);
        Assert.Equal("3", Content(second, "a"));
        Assert.NotEqual(second.TarPath, (await Build(recipe with { Hostname = "x" })).TarPath);
        Assert.NotEqual(second.TarPath, (await Build(recipe with { Scripts = [] }, epoch: 1)).TarPath);
    }

    [Fact]
    public async Task ContentsOfNamedFilesCount()
    {
        Shell("mkdir etc");
        string from = place.Write("from", "one");
        Recipe recipe = Recipe(new DirectorySource(Tree)) with { Files = [new RecipeFile { Path = "/etc/x", From = from }] };
        Assert.Equal("one", Content(await Build(recipe), "etc/x"));
        File.WriteAllText(from, "two");
        Assert.Equal("two", Content(await Build(recipe), "etc/x"));
    }

    [Fact]
    public async Task NoTimeIsLaterThanTheEpoch()
    {
        Shell("printf 1 >new; printf 2 >old; touch -d @5 old");
        Dictionary<string, TreeEntry> entries = Entries(await Build(Recipe(new DirectorySource(Tree)), epoch: 1_000_000));
        Assert.Equal((1_000_000L, 0), (entries["new"].ModifiedSeconds, entries["new"].ModifiedNanoseconds));
        Assert.Equal(5, entries["old"].ModifiedSeconds);
    }

    [Fact]
    public async Task CancelledBuildLeavesNoEntry()
    {
        Shell("for i in $(seq 2000); do : >$i; done");
        using CancellationTokenSource source = new();
        TreeBuilder builder = new(Cache(), new CancelAt("writing the tree", source));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => builder.BuildAsync(Recipe(new DirectorySource(Tree)), source.Token));
        Assert.False(
            Directory.Exists(Path.Combine(place.File("cache"), "trees"))
                && Directory.EnumerateDirectories(Path.Combine(place.File("cache"), "trees")).Any()
        );
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(place.File("cache"), "making")));
    }

    [Fact]
    public async Task TreeThatChangesWhileItIsReadIsRefusedWithThePath()
    {
        Shell("mkdir d; printf 1 >d/a; printf 2 >d/b");
        TreeBuilder builder = new(Cache(), new DoAt("writing the tree", () => Shell("printf 3 >d/b")));
        UserError error = await Assert.ThrowsAsync<UserError>(() => builder.BuildAsync(Recipe(new DirectorySource(Tree)), Now));
        Assert.Equal($"{Tree}/d/b was changed while it was read", error.Message);
        TreeBuilder adding = new(Cache(), new DoAt("writing the tree", () => Shell("printf 3 >d/c")));
        error = await Assert.ThrowsAsync<UserError>(() => adding.BuildAsync(Recipe(new DirectorySource(Tree)), Now));
        Assert.StartsWith($"{Tree}/d", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnreadableFileIsNamed()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "root can read everything");
        Shell("printf 1 >secret; chmod 0 secret");
        UserError error = await Assert.ThrowsAsync<UserError>(() => Build(new DirectorySource(Tree)));
        Assert.StartsWith($"{Tree}/secret cannot be read", error.Message, StringComparison.Ordinal);
        Assert.Contains("root", error.Hint, StringComparison.Ordinal);
    }

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    private static Recipe Recipe(RecipeSource source) =>
        new()
        {
            Name = "test",
            Source = source,
            Forms = [Form.Tmpfs],
        };

    private BuildCache Cache() => new(place.File("cache"));

    private Task<TreeArchive> Build(RecipeSource source) => Build(Recipe(source));

    private Task<TreeArchive> Build(Recipe recipe, long? epoch = null) =>
        new TreeBuilder(Cache(), new SilentProgress()) { SourceDateEpoch = epoch }.BuildAsync(recipe, Now);

    private void Shell(string script)
    {
        Directory.CreateDirectory(Tree);
        Run("sh", "-e", "-c", $"cd {Tree}\n{script}");
    }

    private static string Run(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program}: {errors.Result}{output}");
        return output;
    }

    private static Dictionary<string, TreeEntry> Entries(TreeArchive archive)
    {
        using FileStream file = File.OpenRead(archive.TarPath);
        Assert.Equal(archive.Bytes, file.Length);
        TarReader reader = new(file);
        Dictionary<string, TreeEntry> entries = [];
        while (reader.Next() is { } entry)
        {
            entries.Add(entry.Path.ToString(), entry);
        }
        return entries;
    }

    private static string Content(TreeArchive archive, string path, Encoding? encoding = null)
    {
        using FileTree tree = ArchivedTree.Read(archive.TarPath, Now);
        TreeInode? inode = tree.Find(UnixPath.From(path));
        Assert.NotNull(inode);
        return (encoding ?? Encoding.UTF8).GetString(inode.Data?.ReadAll(inode.Entry) ?? []);
    }

    private sealed class CancelAt(string moment, CancellationTokenSource source) : DoAt(moment, source.Cancel);

    private class DoAt(string moment, Action action) : IProgressDisplay, IProgressStage
    {
        public IProgressStage Begin(string title) => this;

        public void Say(string line) { }

        public void Report(long done, long? total) { }

        public void Detail(string text)
        {
            if (text == moment)
            {
                action();
            }
        }

        public void Done(string result) { }

        public void Dispose() => GC.SuppressFinalize(this);
    }
}
