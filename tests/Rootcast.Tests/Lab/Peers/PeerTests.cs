using System.Text;
using Rootcast.Cli.Measuring;
using Rootcast.Contract;
using Rootcast.Formats.Cpio;
using Rootcast.Images.Initrds;
using Rootcast.Images.Recipes;
using Rootcast.Images.Sources.Apt;
using Rootcast.Lab.Measuring;
using Rootcast.Lab.Peers;
using Rootcast.Lab.Reports;

namespace Rootcast.Tests;

public class PeerTests
{
    private const string Kernel = "6.1.0-56-cloud-amd64";

    private static readonly AptEntry Archive = new()
    {
        Uris = ["http://mirror.example/debian"],
        Suites = ["bookworm"],
        Components = ["main"],
        SignedBy = "/usr/share/keyrings/debian-archive-keyring.gpg",
    };

    [Fact]
    public void EachCellIsItsOwnPeers()
    {
        foreach (Peer peer in Peer.All)
        {
            Assert.Same(peer, Peer.Of(peer.CellOf(1 << 30)));
            // What is no form's name cannot be taken for ours.
            Assert.Null(Names.FormOf(peer.Name));
        }
        Assert.Null(Peer.Of(new MeasureCell("squashfs", "http", 1 << 30)));
    }

    [Fact]
    public void RecipesAreRecipesOfTheImagesOwnKernel()
    {
        foreach (
            string text in (string[])
                [
                    PeerRecipes.LiveBoot("bookworm", Kernel),
                    PeerRecipes.Dracut("bookworm", Kernel, [Archive]),
                    PeerRecipes.Dracut("trixie", Kernel, []),
                ]
        )
        {
            Recipe recipe = Recipe.Parse(Encoding.UTF8.GetBytes(text), "peer");
            DebianSource source = Assert.IsType<DebianSource>(recipe.Source);
            Assert.Contains($"linux-image-{Kernel}", source.Packages.Select(package => package.Value));
            Assert.Equal([Form.Tmpfs], recipe.Forms);
            Assert.Contains("/boot/peer.img", Assert.Single(recipe.Scripts).Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void TheNewerDracutComesFromTheHostsOwnMirror()
    {
        Recipe recipe = Recipe.Parse(Encoding.UTF8.GetBytes(PeerRecipes.Dracut("bookworm", Kernel, [Archive])), "peer");
        DebianSource source = Assert.IsType<DebianSource>(recipe.Source);
        string extra = Assert.Single(source.ExtraSources).Value;
        AptEntry entry = Assert.Single(AptEntries.Parse(extra, AptEntries.LooksLikeDeb822(extra)));
        Assert.Equal((Archive.Uris[0], "bookworm-backports"), (entry.Uris[0], entry.Suites[0]));
        Assert.Contains("dracut-core/bookworm-backports", source.Packages.Select(package => package.Value));
        Assert.Throws<UserError>(() => PeerRecipes.Dracut("bookworm", Kernel, []));
    }

    [Fact]
    public void TheHookAndTheReportAreScriptsThatAShellReads()
    {
        List<string> names = [];
        InitrdSegment segment = PeerSegment.Make();
        CpioReader reader = new(new MemoryStream(segment.Head.ToArray()));
        while (reader.Next() is { } entry)
        {
            names.Add(entry.Path.ToString());
        }
        Assert.Contains("var/lib/dracut/hooks/pre-pivot/99-rootcast-lab.sh", names);
        Assert.Contains("conf/conf.d/rootcast-lab", names);
        // /lib is a symbolic link in an initramfs: a directory of that name would take its place.
        Assert.DoesNotContain(names, name => name == "lib" || name.StartsWith("lib/", StringComparison.Ordinal));
        foreach (string script in (string[])[PeerSegment.PlaceScript, PeerSegment.ReportScript])
        {
            string file = Path.GetTempFileName();
            try
            {
                File.WriteAllText(file, script);
                Judge.Run("sh", ["-n", file]);
            }
            finally
            {
                File.Delete(file);
            }
        }
    }

    [Fact]
    public void NobodyIsAdvisedToTakeAPeer()
    {
        MeasureResult result = Measured.Result(2, 1);
        MeasureCell peer = Peer.All[2].CellOf(2L << 30);
        MeasureResult mixed = result with { Cells = [result.Cells[0], peer] };
        Advice advice = Advice.Of(mixed, new AdviceRequest(2L << 30, null, 0, HasDisk: true));
        Assert.Equal(result.Cells[0], advice.Best.Cell);
        Assert.Null(advice.RunnerUp);
    }
}
