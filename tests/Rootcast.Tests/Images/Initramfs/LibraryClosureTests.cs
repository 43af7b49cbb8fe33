using Rootcast.Contract;
using Rootcast.Images.Initramfs;

namespace Rootcast.Tests;

public sealed class LibraryClosureTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task ScriptsBringTheirInterpretersByLinksOfTheRoot()
    {
        _directory.Write("root/usr/bin/tool", "#! /usr/bin/env -S sh\n");
        _directory.Write("root/usr/bin/env", "#!/bin/sh\n");
        _directory.Write("root/usr/bin/dash", "no program at all");
        // Absolute, as Debian's alternatives are: it leads to the root's own, not to this host's.
        File.CreateSymbolicLink(_directory.File("root/usr/bin/sh"), "/usr/bin/dash");
        File.CreateSymbolicLink(_directory.File("root/bin"), "usr/bin");
        using InitramfsDraft draft = await DraftAsync("/usr/bin/tool");
        Assert.Equal(
            ["/usr/bin/sh: interpreter of env", "/usr/bin/env: interpreter of tool", "/usr/bin/tool: named"],
            draft.Reasons.Why("/usr/bin/sh")[0].Select(reason => $"{reason.Path}: {reason.Because}")
        );
    }

    [Fact]
    public async Task NotedLibrariesArePackedOrTold()
    {
        const string note = """
            [{"soname":["libgone.so.1","libthere.so.2"],"priority":"required"},
             {"soname":["libwish.so.1"],"priority":"suggested"},
             {"soname":["libmissing.so.1"],"priority":"recommended"}]
            """;
        byte[] plain = ElfFileTests.WithNote("[]");
        foreach (string name in (string[])["libz.so.1", "libthere.so.2", "libwish.so.1"])
        {
            _directory.Write($"root/usr/lib/{name}", "");
            await File.WriteAllBytesAsync(_directory.File($"root/usr/lib/{name}"), plain, TestContext.Current.CancellationToken);
        }
        _directory.Write("root/lib/ld.so", "");
        _directory.Write("root/usr/bin/tool", "");
        await File.WriteAllBytesAsync(
            _directory.File("root/usr/bin/tool"),
            ElfFileTests.WithNote(note),
            TestContext.Current.CancellationToken
        );
        using InitramfsDraft draft = await DraftAsync("/usr/bin/tool");
        Assert.Equal("loaded when running (required)", draft.Reasons.Why("/usr/lib/libthere.so.2")[0][0].Because);
        Assert.Throws<UserError>(() => draft.Reasons.Why("/usr/lib/libwish.so.1"));
        Assert.Equal(["/usr/bin/tool may load libmissing.so.1 (recommended), which is not there."], draft.Notes);
    }

    [Fact]
    public async Task AMissingInterpreterIsNamed()
    {
        _directory.Write("root/usr/bin/tool", "#!/opt/perl\n");
        UserError error = await Assert.ThrowsAsync<UserError>(() => DraftAsync("/usr/bin/tool"));
        Assert.Contains("/opt/perl", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RulesOfUdevBringTheProgramsThatTheyRun()
    {
        _directory.Write(
            "root/usr/lib/udev/rules.d/60-x.rules",
            "# PROGRAM=\"no\"\nACTION==\"add\", PROGRAM=\"ata_id -x $devnode\", \\\nRUN+=\"/usr/bin/say hello\"\n"
        );
        _directory.Write("root/usr/lib/udev/ata_id", "x");
        _directory.Write("root/usr/bin/say", "x");
        using InitramfsDraft draft = await InitramfsBuilder.DraftAsync(
            new InitramfsRequest
            {
                Init = FakeKernel.Init,
                Kernels = [],
                Root = _directory.File("root"),
                Udev = true,
            },
            TestContext.Current.CancellationToken
        );
        Assert.Equal("/usr/lib/udev/rules.d/60-x.rules", draft.Reasons.Why("/usr/lib/udev/ata_id")[0][1].Path);
        Assert.Equal("udev's rules", draft.Reasons.Why("/usr/bin/say")[0][1].Because);
    }

    private Task<InitramfsDraft> DraftAsync(string program) =>
        InitramfsBuilder.DraftAsync(
            new InitramfsRequest
            {
                Init = FakeKernel.Init,
                Kernels = [],
                Root = _directory.File("root"),
                Programs = [new InitramfsReason(program, "named", null)],
            },
            TestContext.Current.CancellationToken
        );
}
