using Rootcast.Images.Store;
using Rootcast.Lab.Measuring;
using Rootcast.Lab.Peers;

namespace Rootcast.Vm.Tests;

/// <summary>The same tree under live-boot and dracut, measured as ours is: by the published program, since it makes their trees.</summary>
[Trait("tier", "full")]
public sealed class PeerMeasureTests(GuestLab lab) : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(40);

    private readonly string directory = Directory.CreateTempSubdirectory("rootcast-peers-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task EveryPeerReportsAsOursDoes()
    {
        StoredImage image = await lab.ImageAsync(Recipes.Debian);
        Dictionary<string, string> environment = new(StringComparer.Ordinal) { ["ROOTCAST_STORE"] = lab.Store.Directory };
        string output = Path.Combine(directory, "result");
        using PublishedProgram program = PublishedProgram.Start(
            directory,
            environment,
            ["measure", image.Manifest.Name, "--forms", "squashfs", "--peers", "--runs", "1", "--write", "0", "--output", output]
        );
        int code = await program.ExitCode(Deadline);
        Assert.True(code == 0, program.Said);
        MeasureResult result = MeasureFile.Read(output);
        Assert.Equal(Peer.All.Count + 1, result.Cells.Count);
        foreach (MeasuredRun run in result.Done)
        {
            Assert.True(run.Succeeded, $"{result.Cells[run.Cell]}: {run.Failure}");
            Assert.Empty(run.Problems);
            Assert.True(run.Samples > 3, $"{result.Cells[run.Cell]}: {run.Samples} samples");
            Assert.NotNull(run.TimeOf("init-start"));
            Assert.True(run.TimeOf("switch-root") < run.TimeOf("ready"), result.Cells[run.Cell].ToString());
            Assert.NotNull(run.MemoryAt("root-mounted"));
            MeasuredFootprint footprint = run.Footprints.First(seen => seen.Point == "ready");
            Assert.InRange(Math.Abs(footprint.RemainderBytes) / (double)footprint.UsedBytes, 0, 0.03);
        }
    }
}
