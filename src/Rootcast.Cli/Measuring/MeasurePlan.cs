using Rootcast.Contract;
using Rootcast.Images.Store;
using Rootcast.Lab.Measuring;
using Rootcast.Lab.Peers;

namespace Rootcast.Cli.Measuring;

/// <summary>A request as the empty result that is to be filled.</summary>
internal static class MeasurePlan
{
    /// <summary>The plan.</summary>
    /// <exception cref="UserError">The image has no such form.</exception>
    public static MeasureResult Of(
        MeasureRequest request,
        StoredImage image,
        IReadOnlyList<string>? kernelOptions,
        MeasuredHost host,
        DateTimeOffset now
    )
    {
        ImageManifest manifest = image.Manifest;
        return new MeasureResult
        {
            Format = MeasureResult.FormatName,
            Version = MeasureResult.CurrentVersion,
            Created = now,
            Seed = request.Seed ?? now.ToUnixTimeSeconds(),
            Runs = request.Runs,
            WriteBytes = request.WriteBytes,
            SearchesLeast = request.Least,
            Study = request.Study,
            Image = new MeasuredImage(
                manifest.Name,
                image.Digest,
                manifest.Source,
                manifest.Kernels[0].Version,
                [
                    .. manifest.Artefacts.Select(artefact => new MeasuredArtefact(
                        Names.Of(artefact.Form),
                        artefact.Blob.Bytes,
                        artefact.UnpackedBytes,
                        artefact.Made
                    )),
                ],
                kernelOptions
            ),
            Host = host,
            Cells = CellsOf(request, manifest),
        };
    }

    /// <summary>Refuses to go on with another image or another host: the runs would not compare.</summary>
    public static MeasureResult Resumed(MeasureResult kept, StoredImage image, MeasuredHost host)
    {
        string? other =
            kept.Image.Digest != image.Digest
                ? $"it measures the image {kept.Image.Name} as it was ({kept.Image.Digest}), which has changed since"
            : (kept.Host.Qemu, kept.Host.Accelerator, kept.Host.Kernel) != (host.Qemu, host.Accelerator, host.Kernel)
                ? $"it was begun with QEMU {kept.Host.Qemu}, {kept.Host.Accelerator} on Linux {kept.Host.Kernel}; now these are QEMU {host.Qemu}, {host.Accelerator}, Linux {host.Kernel}"
            : null;
        return other is null
            ? kept
            : throw new UserError(
                $"this measuring cannot be resumed: {other}",
                "Begin a new one in another --output.",
                UserErrorKind.Input
            );
    }

    /// <summary>Those that can boot one of an image's forms.</summary>
    /// <exception cref="UserError">None can.</exception>
    private static List<Peer> PeersFor(ImageManifest manifest)
    {
        List<Peer> fitting = [.. Peer.All.Where(peer => manifest.Artefacts.Any(artefact => artefact.Form == peer.Form))];
        return fitting.Count > 0
            ? fitting
            : throw new UserError(
                $"the image '{manifest.Name}' has no form that live-boot or dracut boots",
                "They boot squashfs, and dracut livefs: add one to the recipe and build again, or leave --peers away.",
                UserErrorKind.Input
            );
    }

    private static List<MeasureCell> CellsOf(MeasureRequest request, ImageManifest manifest)
    {
        IReadOnlyList<Form> had = [.. manifest.Artefacts.Select(artefact => artefact.Form)];
        IReadOnlyList<Form> forms = request.Forms ?? had;
        if (forms.Except(had).Any())
        {
            throw new UserError(
                $"the image '{manifest.Name}' has no form {string.Join(", ", forms.Except(had).Select(Names.Of))}",
                $"It has {string.Join(", ", had.Select(Names.Of))}; others have to be in its recipe when it is built.",
                UserErrorKind.Input
            );
        }
        List<MeasureCell> cells = [];
        foreach (long memory in request.Memory)
        {
            foreach (Form form in forms)
            {
                List<Carrier> fitting = [.. request.Carriers.Where(carrier => FormCarriers.Fit(form, carrier))];
                if (fitting.Count == 0)
                {
                    fitting.Add(Enum.GetValues<Carrier>().First(carrier => FormCarriers.Fit(form, carrier)));
                }
                cells.AddRange(fitting.Select(carrier => new MeasureCell(Names.Of(form), Names.Of(carrier), memory)));
            }
            if (request.Peers)
            {
                cells.AddRange(PeersFor(manifest).Select(peer => peer.CellOf(memory)));
            }
        }
        return cells;
    }
}
