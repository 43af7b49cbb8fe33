using System.Security.Cryptography;
using Rootcast.Contract;
using Rootcast.Formats.Cpio;
using Rootcast.Images.Initramfs;
using Rootcast.Images.Store;

namespace Rootcast.Images.Initrds;

/// <summary>Gathers the segments that were asked for; nothing is written.</summary>
/// <param name="pathOf">Where a blob of the store is.</param>
public sealed class InitrdParts(Func<ImageBlob, string> pathOf)
{
    /// <summary>The segments, for <see cref="InitrdAssembler"/>.</summary>
    /// <exception cref="UserError">Something that was named is missing, or is not what it should be.</exception>
    public async Task<IReadOnlyList<InitrdSegment>> GatherAsync(InitrdRequest request, CancellationToken cancellation)
    {
        List<InitrdSegment> segments = [];
        string? basePath = request.BasePath ?? (request.Image is { } image ? pathOf(image.Initramfs) : null);
        if (request.Microcode.Count > 0)
        {
            if (basePath is not null && HasMicrocode(basePath))
            {
                throw new UserError(
                    $"The base segment {basePath} begins with microcode already, and the kernel takes only the first.",
                    "Leave --microcode out, or build the image without initramfs.microcode.",
                    UserErrorKind.Input
                );
            }
            segments.Add(await MicrocodeSegment.OfNamedAsync(request.Microcode, cancellation));
        }
        if (basePath is not null)
        {
            InitrdAssembler.CheckBeginning(basePath);
            segments.Add(InitrdSegment.OfFile(SegmentKind.Base, basePath));
        }
        if (await PayloadAsync(request, cancellation) is { } artefact)
        {
            segments.Add(artefact.Plan);
            if (artefact.Payload is { } payload)
            {
                segments.Add(payload);
            }
        }
        segments.AddRange(request.Nodes.Select(NodeSegment.Of));
        return segments.Count > 0
            ? segments
            : throw new UserError(
                "There is nothing to assemble.",
                "Name an image, or one of --microcode, --base, --payload, --node.",
                UserErrorKind.Input
            );
    }

    private static bool HasMicrocode(string path) =>
        InitramfsContents.List(path).FirstOrDefault() is { } first
        && first.Member.Compression == InitrdCompression.None
        && InitramfsContents
            .List(path)
            .Take(4)
            .Any(entry => ("/" + entry.Entry.Path).StartsWith(MicrocodeSegment.Directory + "/", StringComparison.Ordinal));

    /// <summary>The payload with the plan that names it; the plan alone where the artefact comes another way.</summary>
    private async Task<(InitrdSegment Plan, InitrdSegment? Payload)?> PayloadAsync(InitrdRequest request, CancellationToken cancellation)
    {
        Form? named = request.Payload is null ? null : Names.FormOf(request.Payload);
        Form? form = request.Form ?? named;
        if (request.Payload is not null && named is null)
        {
            InitrdSegment payload = PayloadSegment.Of(request.Payload);
            if (form is not { } known)
            {
                throw new UserError(
                    $"Nothing says which form the payload {request.Payload} is.",
                    $"Add --form with one of {string.Join(", ", Names.Forms)}.",
                    UserErrorKind.Input
                );
            }
            ArtefactIdentity identity = await IdentityAsync(request, cancellation);
            return (PlanSegment.Of(new BootPlan { Form = known, Artefact = identity }, request.Arguments), payload);
        }
        if (form is not { } wanted)
        {
            return request.Arguments.Count > 0
                ? throw new UserError(
                    "Arguments go into the boot plan, and there is none.",
                    "Add --form or --payload.",
                    UserErrorKind.Input
                )
                : null;
        }
        if (named is { } carried && carried != wanted)
        {
            throw new UserError(
                $"The payload is the form {Names.Of(carried)}, the plan would be for {Names.Of(wanted)}.",
                "Leave --form out.",
                UserErrorKind.Input
            );
        }
        ImageManifest image =
            request.Image
            ?? throw new UserError(
                $"The form {Names.Of(wanted)} is an image's, and no image is named.",
                "Name an image, or give the payload as a file.",
                UserErrorKind.Input
            );
        ImageArtefact artefact = image.ArtefactOf(wanted);
        InitrdSegment plan = PlanSegment.Of(new BootPlan { Form = wanted, Artefact = artefact.Identity }, request.Arguments);
        return (plan, named is null ? null : PayloadSegment.Of(wanted, pathOf(artefact.Blob)));
    }

    private static async Task<ArtefactIdentity> IdentityAsync(InitrdRequest request, CancellationToken cancellation)
    {
        await using FileStream file = File.OpenRead(request.Payload!);
        string digest = "sha256:" + Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation));
        ImageArtefact? known = request.Image?.Artefacts.FirstOrDefault(artefact => artefact.Blob.Digest == digest);
        return known?.Identity ?? new ArtefactIdentity(digest, file.Length, 0);
    }
}
