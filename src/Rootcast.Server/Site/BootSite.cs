using System.Collections.Concurrent;
using Rootcast.Contract;
using Rootcast.Images.Initramfs;
using Rootcast.Images.Store;
using Rootcast.Server.Content;
using Rootcast.Server.Ipxe;

namespace Rootcast.Server.Site;

/// <summary>
/// What a store's images are for machines: scripts, kernels, initrds and artefacts under their paths. The store is asked anew for each script, so
/// an image is served as soon as it is published. Nothing else of the store can be asked for, and nothing else of this host.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="options">What machines get that do not ask for something else.</param>
public sealed class BootSite(ImageStore store, BootSiteOptions options)
{
    private readonly ConcurrentDictionary<string, bool> trusting = new(StringComparer.Ordinal);
    private volatile HashSet<string> artefacts = [];
    private volatile Dictionary<string, ImageBlob> published = new(StringComparer.Ordinal);

    /// <summary>The images that are served, the newest first; those that cannot be read are left out.</summary>
    public IReadOnlyList<StoredImage> Images()
    {
        List<StoredImage> images = [];
        if (options.Image is { } only)
        {
            images.Add(store.Get(only));
        }
        else
        {
            foreach (StoreEntry entry in store.List())
            {
                if (entry.Manifest is { } manifest)
                {
                    images.Add(new StoredImage(entry.Digest, manifest));
                }
            }
            images.Sort((one, other) => other.Manifest.Created.CompareTo(one.Manifest.Created));
        }
        Dictionary<string, ImageBlob> blobs = new(StringComparer.Ordinal);
        foreach (StoredImage image in images)
        {
            foreach (ImageBlob blob in BlobsOf(image.Manifest))
            {
                blobs[blob.Digest["sha256:".Length..]] = blob;
            }
        }
        artefacts = [.. images.SelectMany(image => image.Manifest.Artefacts).Select(artefact => artefact.Blob.Digest["sha256:".Length..])];
        published = blobs;
        return images;
    }

    /// <summary>Path of a blob's file when an image that is served has it, by its hexadecimal digits; else null.</summary>
    public string? FindBlob(string hex)
    {
        if (!published.TryGetValue(hex, out ImageBlob? blob))
        {
            Images();
            published.TryGetValue(hex, out blob);
        }
        return blob is not null && store.Has(blob) ? store.PathOf(blob) : null;
    }

    /// <summary>Whether a blob of an image that is served is an artefact, by its hexadecimal digits.</summary>
    public bool IsArtefact(string hex) => artefacts.Contains(hex);

    /// <summary>What a path leads to; null for nothing.</summary>
    /// <exception cref="UserError">What was asked for cannot be had.</exception>
    public ServedContent? Find(ContentRequest request)
    {
        switch (request.Path)
        {
            case BootPaths.Script:
                return Script(request);
            case BootPaths.El6Script:
                return El6(request);
            case BootPaths.EfiProgram:
                return Offer(Choose(request.Query), request).EfiProgram(RootOf(request));
            default:
                return BootPaths.ReadInitrd(request.Path) is { } found ? Initrd(found.Hex, found.Form) : null;
        }
    }

    /// <summary>What a machine boots that says no more of itself than the query.</summary>
    /// <exception cref="UserError">What was asked for cannot be had.</exception>
    public BootChoice Choose(IReadOnlyDictionary<string, string> query)
    {
        IReadOnlyList<StoredImage> images = Images();
        if (query.GetValueOrDefault("image") is { Length: > 0 } name)
        {
            StoredImage image =
                images.FirstOrDefault(image => image.Manifest.Name == name)
                ?? throw new UserError(
                    $"There is no image '{Printable(name)}' here.",
                    $"Take one of {string.Join(", ", images.Select(image => image.Manifest.Name))}.",
                    UserErrorKind.Input
                );
            return Choose(image, query);
        }
        StoredImage newest =
            images.FirstOrDefault(image => image.Manifest.Artefacts.Any(artefact => artefact.Form != Form.Disk))
            ?? throw new UserError(
                $"The store {store.Directory} has no image that boots over a network.",
                "Make one with 'rootcast build' or 'rootcast try'; it is served as soon as it is there."
            );
        return Choose(newest, query);
    }

    /// <summary>Form and carrier of an image: those of the query, else what is usual.</summary>
    /// <exception cref="UserError">The image does not have them.</exception>
    public BootChoice Choose(StoredImage image, IReadOnlyDictionary<string, string> query) =>
        BootChoice.Of(
            image,
            Named(query, "form", Names.FormOf, Names.Forms) ?? options.Form,
            Named(query, "carrier", Names.CarrierOf, Names.Carriers) ?? options.Carrier
        );

    /// <summary>A choice as files and scripts, for who asks.</summary>
    public BootOffer Offer(BootChoice choice, ContentRequest request) =>
        new(store, choice, options.Arguments)
        {
            SecureRoot = request.SecureAuthority is { } authority && TrustsAnAuthority(choice.Image) ? $"https://{authority}/" : null,
        };

    /// <summary>URL of what the paths are below, as the machine reached this server.</summary>
    public static string RootOf(ContentRequest request) => $"{request.Scheme}://{request.Authority}/";

    private static IEnumerable<ImageBlob> BlobsOf(ImageManifest image) =>
        image.Kernels.Select(kernel => kernel.Blob).Append(image.Initramfs).Concat(image.Artefacts.Select(artefact => artefact.Blob));

    private static T? Named<T>(IReadOnlyDictionary<string, string> query, string key, Func<string, T?> read, IReadOnlyList<string> names)
        where T : struct =>
        query.GetValueOrDefault(key) is not { Length: > 0 } text
            ? null
            : read(text)
                ?? throw new UserError(
                    $"'{Printable(text)}' is no {key}.",
                    $"Take one of {string.Join(", ", names)}.",
                    UserErrorKind.Input
                );

    private static string Printable(string text) => string.Concat(text.Take(80).Select(c => char.IsControl(c) ? '.' : c));

    private ServedContent Script(ContentRequest request)
    {
        string? mac = request.Query.GetValueOrDefault("mac") is { Length: > 0 } text
            ? IpxeScript.HardwareAddress(text)
                ?? throw new UserError($"'{Printable(text)}' is no hardware address.", "Write mac=52:54:00:12:34:56.", UserErrorKind.Input)
            : null;
        BootOffer offer = Offer(Choose(request.Query), request);
        return ServedContent.OfText(offer.Script(RootOf(request), mac));
    }

    private ServedContent El6(ContentRequest request)
    {
        BootChoice choice = BootChoice.Of(Choose(request.Query).Image, Form.Tmpfs, Carrier.Initrd);
        return ServedContent.OfText(new BootOffer(store, choice, options.Arguments).El6Script(RootOf(request)));
    }

    private ServedContent? Initrd(string hex, Form form)
    {
        StoredImage? image = Images().FirstOrDefault(image => image.Digest == "sha256:" + hex);
        if (image is null || image.Manifest.Artefacts.All(artefact => artefact.Form != form) || form == Form.Disk)
        {
            return null;
        }
        BootChoice choice = BootChoice.Of(image, form, Carrier.Initrd);
        return InitrdContent.Of(new BootOffer(store, choice, options.Arguments).Segments()) with { IsImmutable = true };
    }

    /// <summary>Whether <c>/init</c> of the image has an authority by which it can judge an HTTPS server.</summary>
    private bool TrustsAnAuthority(StoredImage image) =>
        trusting.GetOrAdd(
            image.Digest,
            _ =>
            {
                try
                {
                    return image.Manifest.InitramfsReasons is { } reasons
                        && InitramfsReasons
                            .Parse(File.ReadAllBytes(store.PathOf(reasons)))
                            .All.Any(reason => reason.Path == InitramfsPaths.Authority);
                }
                catch (Exception error) when (error is InvalidDataException or IOException)
                {
                    return false;
                }
            }
        );
}
