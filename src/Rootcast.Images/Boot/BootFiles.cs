using Rootcast.Contract;
using Rootcast.Images.Initrds;
using Rootcast.Images.Store;

namespace Rootcast.Images.Boot;

/// <summary>What a machine needs to boot an image: paths into the store, and one assembled initrd where the store's own does not do.</summary>
public sealed record BootFiles
{
    private const string InitrdName = "initrd.img";

    private BootFiles() { }

    /// <summary>The bzImage.</summary>
    public required string KernelPath { get; init; }

    /// <summary>The initrd: the store's base segment itself, or the assembled file.</summary>
    public required string InitrdPath { get; init; }

    /// <summary>The kernel's command line.</summary>
    public required KernelArguments CommandLine { get; init; }

    /// <summary>The artefact in the store. Carriers other than <c>initrd</c> deliver it apart.</summary>
    public required string ArtefactPath { get; init; }

    /// <summary>The plan that will be carried out, with the artefact's identity.</summary>
    public required BootPlan Plan { get; init; }

    /// <summary>How many bytes each part has.</summary>
    public required BootFileBytes Bytes { get; init; }

    /// <summary>Makes ready what a machine needs. Writes only <c>initrd.img</c> into the directory, and that only when it must: the carrier is
    /// <c>initrd</c>, or the plan stands in a segment.</summary>
    /// <exception cref="UserError">The image has no such form or kernel, or a blob is missing.</exception>
    public static BootFiles Prepare(
        ImageStore store,
        ImageManifest image,
        BootRequest request,
        string directory,
        CancellationToken cancellation = default
    )
    {
        ImageKernel kernel = KernelOf(image, request.KernelVersion);
        ImageArtefact artefact = image.ArtefactOf(request.Plan.Form);
        BootPlan plan = request.Plan with { Artefact = artefact.Identity };
        string artefactPath = store.PathOf(artefact.Blob);
        string initrdPath = store.PathOf(image.Initramfs);
        bool inSegment = request.PlanPlace == PlanPlace.Segment;
        bool carried = plan.Carrier == Carrier.Initrd;
        List<InitrdSegment> segments = [InitrdSegment.OfFile(SegmentKind.Base, initrdPath)];
        if (inSegment)
        {
            segments.Add(PlanSegment.Of(plan));
        }
        if (carried)
        {
            segments.Add(PayloadSegment.Of(plan.Form, artefactPath));
        }
        segments.AddRange(request.Segments);
        InitrdBytes? parts = null;
        if (segments.Count > 1)
        {
            string assembled = Path.Combine(Directory.CreateDirectory(directory).FullName, InitrdName);
            parts = InitrdAssembler.Assemble(segments, assembled, cancellation: cancellation);
            initrdPath = assembled;
        }
        long Part(SegmentKind kind) => parts?.Of(kind) ?? 0;
        return new BootFiles
        {
            KernelPath = store.PathOf(kernel.Blob),
            InitrdPath = initrdPath,
            CommandLine = inSegment ? request.Arguments : plan.ToArguments().Concat(request.Arguments),
            ArtefactPath = artefactPath,
            Plan = plan,
            Bytes = new BootFileBytes(
                kernel.Blob.Bytes,
                (parts?.Total ?? image.Initramfs.Bytes) - Part(SegmentKind.Plan) - Part(SegmentKind.Payload),
                Part(SegmentKind.Plan),
                Part(SegmentKind.Payload),
                carried ? 0 : artefact.Blob.Bytes
            ),
        };
    }

    /// <summary>The kernel of that version, or the first.</summary>
    internal static ImageKernel KernelOf(ImageManifest image, string? version)
    {
        if (version is null)
        {
            return image.Kernels[0];
        }
        return image.Kernels.FirstOrDefault(kernel => kernel.Version == version)
            ?? throw new UserError(
                $"The image '{image.Name}' has no kernel {version}.",
                $"It has: {string.Join(", ", image.Kernels.Select(kernel => kernel.Version))}",
                UserErrorKind.Input
            );
    }
}
