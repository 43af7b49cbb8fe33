using Rootcast.Cli.Boots;
using Rootcast.Contract;
using Rootcast.Images.Progress;
using Rootcast.Images.Store;
using Rootcast.Lab.Machines;
using Rootcast.Lab.Measuring;
using Rootcast.Lab.Peers;
using Rootcast.Lab.Reports;

namespace Rootcast.Cli.Measuring;

/// <summary>Carries out <c>rootcast measure</c>.</summary>
/// <param name="session">Where text goes.</param>
internal sealed class MeasureExecution(Session session)
{
    /// <summary>Measures what was asked for, or what is left of it, and writes result and reports.</summary>
    public async Task<MeasureResult> RunAsync(MeasureRequest request, IProgressDisplay progress, CancellationToken cancellation)
    {
        bool begun = CheckDirectory(request);
        ImageStore store = session.OpenStore();
        StoredImage image = store.Get(request.Image);
        MeasureResult? kept = begun ? MeasureFile.Read(request.Directory) : null;
        LabHost host = await LabHost.FindAsync(store, image.Manifest, progress, cancellation);
        MeasuredHost facts = await HostFacts.ReadAsync(host, cancellation);
        MeasureResult result = kept is null
            ? MeasurePlan.Of(request, image, OptionsOf(store, image.Manifest.Kernels[0]), facts, DateTimeOffset.UtcNow)
            : MeasurePlan.Resumed(kept, image, facts);
        using PeerImages? peers = await PeersAsync(result, store, image.Manifest, progress, cancellation);
        MeasureBoot boots = new(
            host.Qemu,
            host.Choice.Accelerator,
            store,
            image.Manifest,
            async (plan, stop) => (await ServedArtefact.StartAsync(store, image.Manifest, plan, stop))!
        )
        {
            Peers = peers?.All ?? [],
            Deadline = TimeSpan.FromSeconds(request.Deadline),
        };
        GuestWork work = MeasureScript.Of(result.WriteBytes, FootprintProgram(progress));
        Directory.CreateDirectory(request.Directory);
        try
        {
            result = await new Measurement(boots, request.Directory, progress).RunAsync(result, work, cancellation);
        }
        finally
        {
            // What was measured is in the file, whatever ended it.
            ReportFiles.Write(MeasureFile.Read(request.Directory), request.Directory);
        }
        return result;
    }

    /// <summary>What the image knows of its kernel's configuration.</summary>
    private static IReadOnlyList<string>? OptionsOf(ImageStore store, ImageKernel kernel) =>
        kernel.Config is { Bytes: <= KernelOptions.LongestConfig } config ? KernelOptions.Of(File.ReadAllText(store.PathOf(config))) : null;

    /// <summary>The initramfs of others that the cells need.</summary>
    private static async Task<PeerImages?> PeersAsync(
        MeasureResult result,
        ImageStore store,
        ImageManifest image,
        IProgressDisplay progress,
        CancellationToken cancellation
    )
    {
        List<Peer> peers = [.. result.Cells.Select(Peer.Of).OfType<Peer>()];
        return peers.Count == 0 ? null : await PeerImages.MakeAsync(peers, store, image, progress, cancellation);
    }

    /// <summary>Refuses to write over a result, and to resume none.</summary>
    /// <returns>Whether something was begun.</returns>
    public static bool CheckDirectory(MeasureRequest request)
    {
        bool begun = File.Exists(Path.Combine(request.Directory, MeasureFile.Name));
        return begun == request.Resume ? begun
            : begun
                ? throw new UserError(
                    $"{request.Directory} has a result already",
                    "Go on with it by --resume, or name another --output.",
                    UserErrorKind.Input
                )
            : throw new UserError($"there is nothing to resume in {request.Directory}", "Leave --resume away.", UserErrorKind.Input);
    }

    /// <summary>This program, where it runs by itself in a guest.</summary>
    private static string? FootprintProgram(IProgressDisplay progress)
    {
        if (BuildFacts.Current.Native && Environment.ProcessPath is { } path)
        {
            return path;
        }
        progress.Say("warning: without footprints: only the published program (./rootcast publish) runs in a guest");
        return null;
    }
}
