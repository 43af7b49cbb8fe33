using System.Diagnostics;
using Rootcast.Images.Store;
using Rootcast.Lab.Machines;
using Rootcast.Lab.Measuring;
using Rootcast.Lab.Running;

namespace Rootcast.Vm.Tests;

/// <summary>Measuring a guest: what the lab hands over is done there, and what it costs is seen from outside.</summary>
public sealed class MeasureTests(GuestLab lab) : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("rootcast-measure-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task AGuestDoesWhatTheLabHandsOverAndItsTouchedMemoryIsCounted()
    {
        string file = Path.Combine(directory, "file");
        byte[] bytes = [.. Enumerable.Range(0, 3_000_000).Select(i => (byte)(i * 7))];
        await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);
        GuestWork work = new(
            """
            sum=$(head -c 3000000 <&4 | sha256sum)
            echo "fact ${sum%% *}" >&3
            while read -r line; do echo "at here $line" >&3; done < /proc/meminfo

            """,
            file
        );
        MeasuredRun run = await RunAsync(work, new MeasureCell("squashfs", "initrd", 1L << 30));
        Assert.True(run.Succeeded, run.Failure);
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)), Assert.Single(run.Facts));
        Assert.Equal(
            ["init-start", "root-mounted", "switch-root", "ready"],
            run.Marks.Select(mark => mark.Name).Intersect(["init-start", "root-mounted", "switch-root", "ready"])
        );
        MemoryPoint here = run.MemoryAt("here")!;
        // What the guest has in use was touched, and nothing can be touched that it does not have.
        Assert.InRange(run.TouchedBytes!.Value, here.Total - here.Free, 1L << 30);
        Assert.InRange(run.MemoryAt("root-mounted")!.InUse, 1 << 20, here.Total);
        Assert.InRange(run.InitLeastFreeBytes!.Value, 1 << 20, here.Total);
        Assert.True(run.FirmwareMilliseconds > 0);
    }

    [Fact]
    [Trait("tier", "full")]
    public async Task TheWorkloadAsItIsRunsInAGuest()
    {
        MeasuredRun run = await RunAsync(
            MeasureScript.Of(16 << 20, Environment.GetEnvironmentVariable("ROOTCAST")),
            new MeasureCell("squashfs", "initrd", 1L << 30)
        );
        Assert.True(run.Succeeded, run.Failure);
        string[] steps = ["walk-cold", "read-cold", "walk-warm", "read-warm", "write", "sync", "copy", "copy-sync", "create", "remove"];
        Assert.Equal(steps, run.Steps.Select(step => step.Name));
        Assert.Equal(16 << 20, run.Step("copy")!.Bytes);
        Assert.True(run.Step("read-cold")!.Bytes > 100 << 20);
        Assert.Contains("systemd-start", run.Marks.Select(mark => mark.Name));
        // Sampled between handover and ready: never more free than there is, and not less than what is left at the worst moment of init.
        Assert.True(run.Samples > 3, $"{run.Samples} samples");
        MemoryPoint ready = run.MemoryAt("ready")!;
        Assert.InRange(run.LeastFreeBytes!.Value, 1 << 20, ready.Total);
        Assert.InRange(run.PeakNotFreeBytes!.Value, ready.Total - ready.Free, ready.Total);
        Assert.InRange(run.PeakInUseBytes!.Value, run.InitPeakBytes!.Value, ready.Total);
        MemoryPoint read = run.MemoryAt("read")!;
        Assert.InRange(run.MemoryAt("workload")!.InUse - read.InUse, 14 << 20, 20 << 20);
    }

    private async Task<MeasuredRun> RunAsync(GuestWork work, MeasureCell cell)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        StoredImage image = await lab.ImageAsync(Recipes.Debian);
        MeasureBoot boots = new(
            await QemuProgram.RequireAsync(cancellation),
            Accelerator.Tcg,
            lab.Store,
            image.Manifest,
            (_, _) => throw new UnreachableException("nothing is fetched")
        );
        MeasuredRun run = new()
        {
            Cell = 0,
            Round = 1,
            Started = DateTimeOffset.UtcNow,
            Succeeded = false,
        };
        string log = Path.Combine(Checkout.State, "console", $"measure-{Guid.NewGuid():N}.log");
        return await boots.RunAsync(cell, work, run, log, cancellation);
    }
}
