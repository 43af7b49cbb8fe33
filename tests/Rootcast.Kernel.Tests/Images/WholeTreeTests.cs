using System.Diagnostics;
using Rootcast.Contract;
using Rootcast.Images.Progress;
using Rootcast.Images.Recipes;
using Rootcast.Images.Trees;

namespace Rootcast.Kernel.Tests;

/// <summary>A tree with everything that a root file system can hold comes through each way unchanged. GNU tar, getcap and the shell judge.</summary>
public sealed class WholeTreeTests : IDisposable
{
    private const string Everything = """
        mkdir -p bin dev d/empty "$(printf 'odd\377\n\001 name')" long
        printf one >bin/caps && chmod 755 bin/caps && setcap cap_net_raw,cap_sys_admin+ep bin/caps
        printf two >bin/setuid && chown 0:42 bin/setuid && chmod 6755 bin/setuid
        printf three >owned && chown 70000:4294967294 owned && ln owned d/hard && ln owned a-first
        ln -s owned link && chown -h 5:6 link && ln -s ../../outside escape
        mknod dev/null c 1 3 && chmod 666 dev/null && mknod dev/loop b 7 300000 && ln dev/null dev/null2
        mkfifo fifo && chmod 1777 d/empty && chmod 0 owned
        printf x >"$(printf 'odd\377\n\001 name')/$(printf '\200\\')"
        truncate -s 300M sparse && printf middle | dd of=sparse bs=1M seek=200 conv=notrunc status=none
        truncate -s 12345 hole && : >nothing
        setfattr -n user.text -v value owned && setfattr -n user.bytes -v 0x00ff0a3d d
        setfattr -n trusted.secret -v 0x01 bin/caps && setfattr -h -n trusted.link -v 1 link
        setfattr -n system.posix_acl_access -v 0x0200000001000600ffffffff020004002100000004000400ffffffff10000400ffffffff20000400ffffffff hole
        name=$(printf 'n%.0s' $(seq 200)) && mkdir -p long/$name/$name && printf deep >long/$name/$name/$name
        touch -d '1969-12-31 23:59:58.5 UTC' nothing && touch -h -d '2040-01-02 03:04:05.678901234 UTC' link
        """;

    private readonly string place = Directory.CreateTempSubdirectory("rootcast-test-").FullName;

    private string Tree => Path.Combine(place, "tree");

    public void Dispose() => Run("rm", "-rf", place);

    [Fact]
    public async Task DirectoryToTarToDirectoryIsTheSame()
    {
        TreeArchive archive = await BuildEverything();
        Assert.Equal("", Run("tar", "-C", Tree, "--compare", "--numeric-owner", "-f", archive.TarPath));
        string again = Path.Combine(place, "again");
        Directory.CreateDirectory(again);
        Run("tar", "-C", again, "-xpf", archive.TarPath, "--numeric-owner", "--xattrs", "--xattrs-include=*");
        Assert.Equal(Describe(Tree), Describe(again));
    }

    [Fact]
    public async Task TarOfOtherProgramsGivesTheSameTar()
    {
        await BuildEverything();
        RemoveSecondNameOfDevice();
        TreeArchive archive = await Build(new DirectorySource(Tree));
        string tar = Path.Combine(place, "given.tar");
        Run("tar", "-C", Tree, "-cf", tar, "--format=posix", "--numeric-owner", "--xattrs", "--xattrs-include=*", "--sparse", ".");
        TreeArchive again = await Build(new TarSource(tar));
        Assert.Equal(archive.Digest, again.Digest);
        Assert.Equal(archive.Digest, (await Build(new TarSource(archive.TarPath))).Digest);
    }

    [Fact]
    public async Task ScriptsChangeWhatTheySayAndNothingElse()
    {
        TreeArchive before = await BuildEverything();
        RemoveSecondNameOfDevice();
        PutBusybox();
        TreeArchive plain = await Build(new DirectorySource(Tree));
        Recipe recipe = Recipe(new DirectorySource(Tree)) with
        {
            Scripts =
            [
                new RecipeScript("echo made >new; chown 9:9 new; rm fifo; mkdir nodes; mknod nodes/zero c 1 5", null, RecipePlace.None),
                new RecipeScript(
                    "#!/bin/busybox ash\ntest -e /proc/self/stat -a -c /dev/null -a -d /sys/kernel && test $$ != 1\nsleep 1000 &",
                    null,
                    RecipePlace.None
                ),
            ],
        };
        TreeArchive after = await Build(recipe);
        Assert.NotEqual(before.Digest, after.Digest);
        string[] old = List(plain);
        string[] now = List(after);
        Assert.Equal(["fifo"], old.Except(now).Select(Name).Except([""]));
        Assert.Equal(["new", "nodes", "nodes/zero"], now.Except(old).Select(Name).Except([""]));
        Assert.DoesNotContain(place, File.ReadAllText("/proc/mounts"), StringComparison.Ordinal);
        Assert.Equal("", Run("sh", "-c", $"find {place}/cache/making -mindepth 1"));
    }

    [Fact]
    public async Task FailingScriptIsNamedWithWhatItSaid()
    {
        Directory.CreateDirectory(Tree);
        PutBusybox();
        RecipeScript[] scripts =
        [
            new("echo fine", null, RecipePlace.None),
            new("echo 'no such thing' >&2; exit 7", null, new RecipePlace("r.yaml", 8, 5)),
        ];
        UserError error = await Assert.ThrowsAsync<UserError>(() => Build(Recipe(new DirectorySource(Tree)) with { Scripts = scripts }));
        Assert.StartsWith("r.yaml:8:5: the script ended with exit code 7:\n", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("  no such thing", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(place, File.ReadAllText("/proc/mounts"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CancelledScriptLeavesNeitherProcessesNorMountsNorFiles()
    {
        Directory.CreateDirectory(Tree);
        PutBusybox();
        using CancellationTokenSource source = CancellationTokenSource.CreateLinkedTokenSource(Now);
        string mark = $"1{Random.Shared.Next(100_000_000, 999_999_999)}";
        RecipeScript script = new($"(setsid sleep {mark} &)\necho running >&2\nsleep {mark}", null, RecipePlace.None);
        TreeBuilder builder = new(new BuildCache(Path.Combine(place, "cache")), new CancelAt("running", source));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            builder.BuildAsync(Recipe(new DirectorySource(Tree)) with { Scripts = [script] }, source.Token)
        );
        Assert.Equal("", Run("sh", "-c", $"pgrep -f '^sleep {mark}' || true"));
        Assert.DoesNotContain(place, File.ReadAllText("/proc/mounts"), StringComparison.Ordinal);
        Assert.Equal("", Run("sh", "-c", $"find {place}/cache/making -mindepth 1"));
    }

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    private static string Name(string line) => line.Split(" -> ")[0].Split(' ')[^1].TrimStart('.').Trim('/');

    private static Recipe Recipe(RecipeSource source) =>
        new()
        {
            Name = "test",
            Source = source,
            Forms = [Form.Tmpfs],
        };

    /// <summary>Lines of <c>tar -tvv</c>. Its columns grow with what came before, such as the digits of a time, so runs of blanks count as one.</summary>
    private static string[] List(TreeArchive archive) =>
        [
            .. Run("tar", "--xattrs", "--numeric-owner", "--full-time", "-tvvf", archive.TarPath)
                .Split('\n')
                .Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))),
        ];

    /// <summary>Every name with type, mode, owner, size, blocks, times, device numbers, link and attributes.</summary>
    private static string Describe(string directory)
    {
        string format = @"%P %y %m %U %G %s %n %T@ %l\n";
        string nodes = Run("sh", "-c", $"cd {directory} && find . -printf '{format}' | LC_ALL=C sort");
        string devices = Run("sh", "-c", $"cd {directory} && stat -c '%n %t %T' dev/*");
        string attributes = Run("sh", "-c", $"cd {directory} && getfattr -Rhd -m - -e hex . | LC_ALL=C sort");
        string sparse = Run("sh", "-c", $"cd {directory} && stat -c '%n %b' sparse hole");
        string same = Run(
            "sh",
            "-c",
            $"cd {directory} && test owned -ef d/hard && test owned -ef a-first && ls -l dev | wc -l && cksum bin/*"
        );
        return nodes + devices + attributes + sparse + same;
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
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {errors.Result}{output}");
        return output;
    }

    private async Task<TreeArchive> BuildEverything()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "devices and capabilities need root");
        Directory.CreateDirectory(Tree);
        Run("sh", "-e", "-c", $"cd {Tree}\n{Everything}");
        return await Build(new DirectorySource(Tree));
    }

    /// <summary>GNU tar, which packs here, keeps hard links of files alone: a device's second name becomes a device of its own.</summary>
    private void RemoveSecondNameOfDevice() => File.Delete(Path.Combine(Tree, "dev", "null2"));

    private void PutBusybox()
    {
        Assert.SkipUnless(
            Environment.IsPrivilegedProcess,
            "here as root; the same without root is tried by the scenario of an ordinary user"
        );
        Assert.SkipUnless(File.Exists("/usr/bin/busybox"), "busybox-static is not installed");
        Directory.CreateDirectory(Path.Combine(Tree, "bin"));
        string[] commands = ["busybox", "sh", "sleep", "chown", "rm", "mknod", "setsid", "test"];
        File.Copy("/usr/bin/busybox", Path.Combine(Tree, "bin", "busybox"));
        foreach (string command in commands.Skip(1))
        {
            File.CreateSymbolicLink(Path.Combine(Tree, "bin", command), "busybox");
        }
    }

    private Task<TreeArchive> Build(RecipeSource source) => Build(Recipe(source));

    private Task<TreeArchive> Build(Recipe recipe) =>
        new TreeBuilder(new BuildCache(Path.Combine(place, "cache")), new SilentProgress()) { SourceDateEpoch = null }.BuildAsync(
            recipe,
            Now
        );

    private sealed class CancelAt(string moment, CancellationTokenSource source) : IProgressDisplay, IProgressStage
    {
        public IProgressStage Begin(string title) => this;

        public void Say(string line) { }

        public void Report(long done, long? total) { }

        public void Detail(string text)
        {
            if (text == moment)
            {
                source.Cancel();
            }
        }

        public void Done(string result) { }

        public void Dispose() { }
    }
}
