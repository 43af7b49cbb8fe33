using Rootcast.Contract;
using Rootcast.Formats.Cpio;
using Rootcast.Formats.Elf;
using Rootcast.Images.Initramfs;

namespace Rootcast.Tests;

/// <summary>Where libraries are looked for, which are passed over, and that each comes once below its directories: rapido-cut's cases of ELF files. The
/// program is <see cref="ElfFileTests.WithNote"/>: it needs libz.so.1 and looks in <c>$ORIGIN/lib</c> first.</summary>
public sealed class LibrarySearchTests : IDisposable
{
    private const string Beside = "/usr/bin/lib/libz.so.1";
    private const string Usual = "/usr/lib/libz.so.1";
    private const string Odd = "/opt/odd/libz.so.1";
    private const int Machine = 18;
    private const int Class = 4;

    private readonly TemporaryDirectory _directory = new();

    public LibrarySearchTests()
    {
        Put("/lib/ld.so", Library());
        Put("/usr/bin/tool", ElfFileTests.WithNote("[]"));
    }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task TheProgramsOwnDirectoriesComeBeforeTheUsualOnes()
    {
        Put(Beside, Library());
        Put(Usual, Library());
        Assert.Equal([Beside], await LibrariesAsync());
    }

    [Fact]
    public async Task TheUsualDirectoriesComeBeforeConfiguredOnes()
    {
        Configure();
        Put(Usual, Library());
        Put(Odd, Library());
        Assert.Equal([Usual], await LibrariesAsync());
    }

    [Fact]
    public async Task WhatOnlyTheConfigurationFindsGoesWhereTheCLibraryIs()
    {
        Configure();
        Put(Odd, Library());
        Put("/usr/lib64/libc.so.6", Library());
        Assert.Equal(["/usr/lib64/libz.so.1"], await LibrariesAsync());
    }

    [Theory]
    [InlineData("another machine")]
    [InlineData("another class")]
    [InlineData("a linker's script")]
    [InlineData("a directory")]
    [InlineData("a link to nothing")]
    public async Task WhatDoesNotFitIsPassedOver(string what)
    {
        Put(Usual, Library());
        byte[] other = Library();
        switch (what)
        {
            case "another machine":
                other[Machine] = 183;
                Put(Beside, other);
                break;
            case "another class":
                Put(Beside, Small());
                break;
            case "a linker's script":
                Put(Beside, "GROUP ( /lib/libz.so.1 )\n"u8.ToArray());
                break;
            case "a directory":
                Directory.CreateDirectory(OnHost(Beside));
                break;
            default:
                Directory.CreateDirectory(Path.GetDirectoryName(OnHost(Beside))!);
                File.CreateSymbolicLink(OnHost(Beside), "gone");
                break;
        }
        Assert.Equal([Usual], await LibrariesAsync());
    }

    [Fact]
    public async Task ALibraryBehindLinksIsThereByTheNameThatIsAskedFor()
    {
        Put("/usr/lib/libz.so.1.2.3", Library());
        File.CreateSymbolicLink(OnHost(Usual), "/usr/lib/libz.so.1.2");
        File.CreateSymbolicLink(OnHost("/usr/lib/libz.so.1.2"), "libz.so.1.2.3");
        Assert.Contains(Usual, await LibrariesAsync());
        Assert.Equal(Library(), InitramfsContents.Read(_directory.File("archive"), Usual, 1 << 20));
    }

    [Fact]
    public async Task ALibraryOfSeveralProgramsComesOnceBelowDirectoriesThatComeOnce()
    {
        Put(Usual, Library());
        Put("/usr/bin/other", ElfFileTests.WithNote("[]"));
        Assert.Equal([Usual], await LibrariesAsync("/usr/bin/tool", "/usr/bin/other", "/usr/bin/tool"));
        string[] paths = [.. InitramfsContents.List(_directory.File("archive")).Select(listing => listing.Entry.Path.ToString())];
        Assert.Equal(paths.Distinct(), paths);
        Assert.Contains("usr/lib/libz.so.1", paths);
        using FileStream archive = File.OpenRead(_directory.File("archive"));
        Assert.Empty(Images.Cpio.CpioCheck.Run(archive, out _));
    }

    [Fact]
    public async Task AMissingLibraryIsNamedWithWhatNeedsIt()
    {
        UserError error = await Assert.ThrowsAsync<UserError>(() => LibrariesAsync());
        Assert.Contains("/usr/bin/tool needs libz.so.1", error.Message, StringComparison.Ordinal);
    }

    /// <summary>A file of x86-64 that needs nothing.</summary>
    private static byte[] Library() => new SystemCallProgram().ToFile();

    /// <summary>An empty file of 32 bits for the same machine, which is what x32 has.</summary>
    private static byte[] Small()
    {
        byte[] small = new byte[52];
        Library().AsSpan(0, 20).CopyTo(small);
        small[Class] = 1;
        return small;
    }

    private string OnHost(string path) => _directory.File("root" + path);

    private void Put(string path, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(OnHost(path))!);
        File.WriteAllBytes(OnHost(path), bytes);
    }

    private void Configure()
    {
        Put("/etc/ld.so.conf", "include ld.so.conf.d/*.conf\n"u8.ToArray());
        Put("/etc/ld.so.conf.d/odd.conf", "# where nobody looks\n/opt/odd  # but here\n"u8.ToArray());
    }

    private async Task<string[]> LibrariesAsync(params string[] programs)
    {
        using InitramfsDraft draft = await InitramfsBuilder.DraftAsync(
            new InitramfsRequest
            {
                Init = FakeKernel.Init,
                Kernels = [],
                Root = _directory.File("root"),
                Programs =
                [
                    .. (programs.Length == 0 ? ["/usr/bin/tool"] : programs).Select(path => new InitramfsReason(path, "named", null)),
                ],
            },
            TestContext.Current.CancellationToken
        );
        await InitramfsCompressor.WriteAsync(
            draft,
            InitrdCompression.None,
            _directory.File("archive"),
            TestContext.Current.CancellationToken
        );
        return [.. draft.Reasons.All.Where(reason => reason.Because == "library").Select(reason => reason.Path)];
    }
}
