using Rootcast.Cli.Host;
using Rootcast.Images.Sources.Apt;

namespace Rootcast.Tests;

public class HostTests
{
    private const string Madison = """
        qemu-system-x86 | 1:10.0.2+ds-2+deb13u1~bpo12+1 | http://mirror.example/debian bookworm-backports/main amd64 Packages
        qemu-system-x86 | 1:7.2+dfsg-7+deb12u18+b3 | http://mirror.example/debian bookworm/main amd64 Packages
          qemu | 1:7.2+dfsg-7 | http://mirror.example/debian bookworm/main Sources
        nonsense
        """;

    [Fact]
    public void AptsOffersAreReadWithTheirSuites() =>
        Assert.Equal(
            [
                new PackageOffer("bookworm-backports", new Version(10, 0, 2)),
                new PackageOffer("bookworm", new Version(7, 2)),
                new PackageOffer("bookworm", new Version(7, 2)),
            ],
            PackageOffer.Parse(Madison)
        );

    [Fact]
    public void BackportsComeFromTheMirrorThatHasTheSuite()
    {
        IReadOnlyList<AptEntry> archives = AptEntries.Parse(
            """
            Types: deb
            URIs: http://mirror.example/security
            Suites: bookworm-security
            Components: main

            Types: deb
            URIs: http://mirror.example/debian
            Suites: bookworm bookworm-updates
            Components: main contrib
            Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
            """,
            isDeb822: true
        );
        string stanza = BackportsSource.For("bookworm", archives)!;
        AptEntry written = Assert.Single(AptEntries.Parse(stanza, isDeb822: true));
        Assert.Equal(["http://mirror.example/debian"], written.Uris);
        Assert.Equal(["bookworm-backports"], written.Suites);
        Assert.Equal(["main"], written.Components);
        Assert.Equal("/usr/share/keyrings/debian-archive-keyring.gpg", written.SignedBy?.Trim());
        Assert.Null(BackportsSource.For("trixie", archives));
    }

    [Fact]
    public void AnEmbeddedKeyStaysInItsField()
    {
        AptEntry own = new()
        {
            Uris = ["http://mirror.example/debian"],
            Suites = ["bookworm"],
            Components = ["main"],
            SignedBy = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nabc\n-----END PGP PUBLIC KEY BLOCK-----",
        };
        AptEntry written = Assert.Single(AptEntries.Parse(BackportsSource.For("bookworm", [own])!, isDeb822: true));
        Assert.True(written.HasEmbeddedKey);
        Assert.Contains("abc", written.SignedBy!, StringComparison.Ordinal);
    }

    [Fact]
    public void TheSystemIsReadFromOsRelease()
    {
        HostSystem system = HostSystem.Parse("PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nID=debian\nVERSION_CODENAME=bookworm\n");
        Assert.Equal(new HostSystem("debian", "bookworm", "Debian GNU/Linux 12 (bookworm)"), system);
        Assert.Equal(new HostSystem("linux", null, "Linux"), HostSystem.Parse(""));
    }
}
