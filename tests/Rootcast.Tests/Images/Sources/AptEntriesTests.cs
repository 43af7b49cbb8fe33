using Rootcast.Contract;
using Rootcast.Images.Recipes;
using Rootcast.Images.Sources.Apt;

namespace Rootcast.Tests;

public class AptEntriesTests
{
    private const string Debian = """
        Types: deb deb-src
        # A comment between fields.
        URIs: http://mirror.example.org/debian
        Suites: bookworm bookworm-updates
        Components: main contrib
        Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

        Types: deb
        URIs: http://mirror.example.org/debian-security
        Suites: bookworm-security
        Components: main
        Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

        Types: deb
        Enabled: no
        URIs: http://mirror.example.org/debian
        Suites: sid
        Components: main

        Types: deb-src
        URIs: http://mirror.example.org/debian
        Suites: trixie
        Components: main

        """;

    [Fact]
    public void StanzasAreRead()
    {
        IReadOnlyList<AptEntry> entries = AptEntries.Parse(Debian, isDeb822: true);
        Assert.Equal(2, entries.Count);
        Assert.Equal(["bookworm", "bookworm-updates"], entries[0].Suites);
        Assert.Equal(["main", "contrib"], entries[0].Components);
        Assert.Equal("/usr/share/keyrings/debian-archive-keyring.gpg", entries[1].SignedBy);
    }

    [Fact]
    public void EmbeddedKeyIsWrittenAsItWasRead()
    {
        string text =
            "Types: deb\nURIs: https://example.org/apt\nSuites: ./\nSigned-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n mQENBF\n -----END PGP PUBLIC KEY BLOCK-----\n";
        AptEntry entry = Assert.Single(AptEntries.Parse(text, isDeb822: true));
        Assert.True(entry.HasEmbeddedKey);
        Assert.Equal(text, entry.ToStanza().Replace("Signed-By: \n", "Signed-By:\n", StringComparison.Ordinal));
    }

    [Fact]
    public void LinesAreReadAndWritten()
    {
        string text = """
            # Comment
            deb [arch=amd64,arm64 signed-by=/k.gpg trusted=yes] http://example.org/debian trixie main contrib # more
            deb-src http://example.org/debian trixie main
            deb	file:/srv/apt ./
            """;
        IReadOnlyList<AptEntry> entries = AptEntries.Parse(text, isDeb822: false);
        Assert.Equal(2, entries.Count);
        Assert.Equal(
            "deb [arch=amd64,arm64 signed-by=/k.gpg trusted=yes] http://example.org/debian trixie main contrib",
            Assert.Single(entries[0].ToLines())
        );
        Assert.Equal("deb file:/srv/apt ./", Assert.Single(entries[1].ToLines()));
    }

    [Theory]
    [InlineData("rpm http://x y z", "not with deb")]
    [InlineData("deb http://x", "not 'deb URI SUITE COMPONENT'")]
    [InlineData("deb http://x suite", "names no component")]
    [InlineData("deb [a http://x y z", "without its ']'")]
    [InlineData("deb [a] http://x y z", "has no value")]
    [InlineData("deb x y z", "not 'deb URI")]
    public void BadLinesAreRefused(string line, string message) =>
        Assert.Contains(
            message,
            Assert.Throws<InvalidDataException>(() => AptEntries.Parse(line, isDeb822: false)).Message,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("URIs: http://x\nSuites: a\nComponents: b\n", "no Types")]
    [InlineData("Types: deb\nSuites: a\nComponents: b\n", "needs URIs")]
    [InlineData("Types: deb\nURIs: http://x\nSuites: a\n", "no Components")]
    [InlineData(" x\n", "continues nothing")]
    [InlineData("Types: deb\nx\n", "is no field")]
    public void BadStanzasAreRefused(string text, string message) =>
        Assert.Contains(
            message,
            Assert.Throws<InvalidDataException>(() => AptEntries.Parse(text, isDeb822: true)).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void HostsFilesAreReadInTheirOrderAndBrokenOnesPassedOver()
    {
        using TemporaryDirectory host = new();
        host.Write("sources.list", "deb http://a/ one main\n");
        host.Write("sources.list.d/b.list", "deb http://b/ two main\n");
        host.Write("sources.list.d/a.sources", Debian);
        host.Write("sources.list.d/c.list", "nonsense\n");
        host.Write("sources.list.d/d.list.bak", "deb http://d/ four main\n");
        string[] suites = [.. AptEntries.OfHost(host.Path).SelectMany(entry => entry.Suites)];
        Assert.Equal(["one", "bookworm", "bookworm-updates", "bookworm-security", "two"], suites);
    }

    [Fact]
    public void SuiteOfTheHostComesWithItsUpdatesAndSecurity() =>
        Assert.Equal(
            [
                "http://mirror.example.org/debian/dists/bookworm/ main",
                "http://mirror.example.org/debian/dists/bookworm-updates/ main",
                "http://mirror.example.org/debian-security/dists/bookworm-security/ main",
            ],
            Choose(new DebianSource { Suite = RecipeText.Of("bookworm") })
        );

    [Fact]
    public void AnotherSuiteIsTakenFromTheHostsArchives() =>
        Assert.Equal(
            [
                "http://mirror.example.org/debian/dists/trixie/ main contrib",
                "http://mirror.example.org/debian/dists/trixie-updates/ main contrib?",
                "http://mirror.example.org/debian-security/dists/trixie-security/ main contrib?",
            ],
            Choose(new DebianSource { Suite = RecipeText.Of("trixie"), Components = ["main", "contrib"] }, markOptional: true)
        );

    [Fact]
    public void MirrorOfTheRecipeStandsAlone() =>
        Assert.Equal(
            ["file:///srv/dists/sid/ main", "file:///srv/dists/sid-updates/ main?", "http://x/stable main"],
            Choose(
                    new DebianSource
                    {
                        Suite = RecipeText.Of("sid"),
                        Mirror = RecipeText.Of("file:///srv/"),
                        ExtraSources = [RecipeText.Of("deb http://x stable main")],
                    },
                    markOptional: true
                )
                .Select(address => address.Replace("http://x/dists/stable/", "http://x/stable", StringComparison.Ordinal))
        );

    [Fact]
    public void OtherVendorsSuiteOfTheSameNameIsNotTaken()
    {
        List<AptEntry> host = [.. AptEntries.Parse("deb [signed-by=/v.gpg] http://vendor.example.org/ bookworm main", false)];
        host.AddRange(AptEntries.Parse(Debian, isDeb822: true));
        AptSuite first = AptSuites.Choose(new DebianSource { Suite = RecipeText.Of("bookworm") }, host)[0];
        Assert.StartsWith("http://mirror.example.org/debian/", first.Address, StringComparison.Ordinal);
    }

    [Fact]
    public void HostWithoutDebianNeedsAMirror()
    {
        UserError error = Assert.Throws<UserError>(() => AptSuites.Choose(new DebianSource { Suite = RecipeText.Of("sid") }, []));
        Assert.Contains("mirror:", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void ReleaseIsKnownByTheListsThatMatter()
    {
        string text =
            "Date: Sat, 11 Jul 2026 10:16:37 UTC\nMD5Sum:\n 00 1 main/binary-amd64/Packages\nSHA256:\n aa 1 main/binary-amd64/Packages\n bb 2 contrib/binary-amd64/Packages\n cc 3 main/binary-arm64/Packages\n";
        AptRelease main = AptRelease.Parse(text, ["main"], "amd64");
        Assert.Equal(1_783_764_997, main.Date);
        Assert.Equal(main.Digest, AptRelease.Parse(text.Replace("bb", "dd", StringComparison.Ordinal), ["main"], "amd64").Digest);
        Assert.Equal(main.Digest, AptRelease.Parse(text.Replace("cc", "dd", StringComparison.Ordinal), ["main"], "amd64").Digest);
        Assert.NotEqual(main.Digest, AptRelease.Parse(text.Replace("aa", "dd", StringComparison.Ordinal), ["main"], "amd64").Digest);
        Assert.NotEqual(main.Digest, AptRelease.Parse(text, ["main", "contrib"], "amd64").Digest);
        Assert.Equal(main, AptRelease.FromNote(main.ToNote()));
    }

    [Theory]
    [InlineData("E: Unable to locate package nosuch", "r.yaml:5:9: there is no package 'nosuch' in sid")]
    [InlineData("E: Package 'nosuch' has no installation candidate", "r.yaml:5:9: there is no package 'nosuch' in sid")]
    [InlineData("E: Unable to locate package other", "r.yaml:2:3: there is no package 'other' in sid")]
    [InlineData("E: Version '9' for 'nosuch' was not found", "r.yaml:5:9: Version '9' for 'nosuch' was not found in sid")]
    [InlineData(
        " a : Depends: b but it is not going\nE: Unable to correct problems, you have held broken packages.",
        "do not fit together in sid:\n a : Depends: b"
    )]
    [InlineData("E: The repository 'http://x sid InRelease' is not signed.", "not signed by a key that is trusted")]
    public void WhatAptSaysIsToldInTheRecipesTerms(string errors, string message)
    {
        DebianSource source = new()
        {
            Suite = new RecipeText("sid", new RecipePlace("r.yaml", 2, 3)),
            Packages = [new RecipeText("nosuch=9", new RecipePlace("r.yaml", 5, 9))],
        };
        UserError? error = AptFailure.Explain("I: doing\n" + errors + "\nE: mmdebstrap failed to run\n", source);
        Assert.Contains(message, error?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OtherFailuresAreNotExplainedAway() =>
        Assert.Null(AptFailure.Explain("E: no space left on device", new DebianSource { Suite = RecipeText.Of("sid") }));

    private static IEnumerable<string> Choose(DebianSource source, bool markOptional = false) =>
        AptSuites
            .Choose(source, AptEntries.Parse(Debian, isDeb822: true))
            .Select(suite => $"{suite.Address} {string.Join(' ', suite.Entry.Components)}{(markOptional && suite.IsOptional ? "?" : "")}");
}
