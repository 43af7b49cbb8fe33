using Rootcast.Contract;
using Rootcast.Images.Initrds;
using Rootcast.Images.Loaders;
using Rootcast.Images.Store;
using Rootcast.Server.Content;
using Rootcast.Server.Http;
using Rootcast.Server.Ipxe;
using Rootcast.Server.Nodes;

namespace Rootcast.Server.Site;

/// <summary>A choice as files and scripts.</summary>
/// <param name="store">Where its blobs are.</param>
/// <param name="choice">What is booted.</param>
/// <param name="arguments">More kernel arguments.</param>
public sealed record BootOffer(ImageStore store, BootChoice choice, KernelArguments arguments)
{
    /// <summary>URL like the root of a script, by HTTPS, for the artefact; null where <c>/init</c> could not judge the server, or there is none. What comes before
    /// <c>/init</c> is fetched by firmware and iPXE, which know no authority of ours.</summary>
    public string? SecureRoot { get; init; }

    /// <summary>The boot that this is for: it stands in every address, and <c>/init</c> tells of itself there. Null for a machine that nobody knows.</summary>
    public string? BootKey { get; init; }

    /// <summary>What the machine has of its own; counts only with <see cref="BootKey"/>.</summary>
    public NodeConfiguration Node { get; init; } = new();

    /// <summary>What the machine's secrets are given for; null where it has none, or cannot ask for them by HTTPS.</summary>
    public string? SecretToken { get; init; }

    /// <summary>Path of the initrd: the image's own base where everything else stands on the command line.</summary>
    public string InitrdPath =>
        BootKey is { } key && Node.HasSegment ? BootPaths.BootInitrd(key)
        : choice.Carrier == Carrier.Initrd ? BootPaths.Initrd(choice.Image.Digest, choice.Artefact.Form)
        : BlobPath.Of(choice.Image.Manifest.Initramfs.Digest);

    /// <summary>The blobs that a machine fetches by their own paths.</summary>
    public IReadOnlyList<ImageBlob> Blobs =>
        choice.Carrier == Carrier.Initrd
            ? [choice.Kernel.Blob]
            : [choice.Kernel.Blob, choice.Image.Manifest.Initramfs, choice.Artefact.Blob];

    /// <summary>What the initrd is put together of.</summary>
    /// <exception cref="UserError">A blob is missing or damaged.</exception>
    public IReadOnlyList<InitrdSegment> Segments()
    {
        List<InitrdSegment> segments = [InitrdSegment.OfFile(SegmentKind.Base, store.PathOf(choice.Image.Manifest.Initramfs))];
        if (choice.Carrier == Carrier.Initrd)
        {
            segments.Add(PlanSegment.Of(choice.Plan("")));
            segments.Add(PayloadSegment.Of(choice.Artefact.Form, store.PathOf(choice.Artefact.Blob)));
        }
        if (BootKey is not null && Node.HasSegment)
        {
            segments.Add(Node.Segment());
        }
        return segments;
    }

    /// <summary>The initrd of one boot.</summary>
    public ServedContent Initrd() => InitrdContent.Of(Segments());

    /// <summary>iPXE's script.</summary>
    /// <param name="root">URL of what the paths are below, with a slash at its end.</param>
    /// <param name="macAddress">See <see cref="IpxeScript.Boot"/>.</param>
    public string Script(string root, string? macAddress) =>
        IpxeScript.Boot(choice.Title, KernelUrl(root), Url(root, InitrdPath, BootStages.Initrd), CommandLine(root), macAddress);

    /// <summary>The script of the EL6 article; form <c>tmpfs</c> by carrier <c>initrd</c>.</summary>
    /// <param name="root">As above.</param>
    public string El6Script(string root) => IpxeScript.El6(KernelUrl(root), Url(root, InitrdPath, BootStages.Initrd));

    /// <summary>One EFI program of kernel, initrd and command line.</summary>
    /// <param name="root">As above.</param>
    /// <exception cref="UserError">This host lacks systemd's stub, or a blob is missing.</exception>
    public ServedContent EfiProgram(string root)
    {
        BootPlan plan = choice.Plan(ArtefactUrl(root));
        ImageManifest image = choice.Image.Manifest;
        return UkiContent.Of(
            UkiImage.Release(image, plan, choice.Kernel.Version),
            choice.Kernel.Version,
            CommandLine(root).ToString(),
            Part(choice.Kernel.Blob),
            choice.Carrier == Carrier.Initrd || (BootKey is not null && Node.HasSegment) ? Initrd().Parts : [Part(image.Initramfs)]
        );

        ContentPart Part(ImageBlob blob) => ContentPart.Of(store.PathOf(blob), blob.Bytes);
    }

    /// <summary>The kernel's command line: the plan where it does not come in the initrd, and what the operator adds.</summary>
    /// <param name="root">As above.</param>
    public KernelArguments CommandLine(string root)
    {
        KernelArguments line =
            choice.Carrier == Carrier.Initrd ? arguments : choice.Plan(ArtefactUrl(root)).ToArguments().Concat(arguments);
        if (BootKey is not { } key)
        {
            return line;
        }
        if (SecretToken is { } token && SecureRoot is { } secure)
        {
            line = line.Concat(
                new KernelArguments([new("rootcast.secrets", Url(secure, BootPaths.BootSecrets(key))), new("rootcast.token", token)])
            );
            // By carrier initrd nothing else needs it.
            line = choice.Carrier == Carrier.Initrd ? line.Concat(new KernelArguments([new("rootcast.network", null)])) : line;
        }
        // What tells of ready has no TLS, and an initramfs may trust nobody.
        return root.StartsWith("http://", StringComparison.Ordinal)
            ? line.Concat(new KernelArguments([new("rootcast.report", Url(root, BootPaths.Boot(key)))])).Concat(Node.KernelArguments)
            : line.Concat(Node.KernelArguments);
    }

    private string KernelUrl(string root) => Url(root, BlobPath.Of(choice.Kernel.Blob.Digest), BootStages.Kernel);

    private string ArtefactUrl(string root) => Url(SecureRoot ?? root, BlobPath.Of(choice.Artefact.Blob.Digest), BootStages.Artefact);

    /// <summary>The URL of a path; who fetches it is in it, and what for.</summary>
    private string Url(string root, string path, string stage) => Url(root, path) + (BootKey is { } key ? $"?boot={key}&is={stage}" : "");

    private static string Url(string root, string path) => root + path.TrimStart('/');
}
