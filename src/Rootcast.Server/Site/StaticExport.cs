using System.Security.Cryptography;
using System.Text;
using Rootcast.Contract;
using Rootcast.Images;
using Rootcast.Images.Initrds;
using Rootcast.Images.Progress;
using Rootcast.Images.Store;
using Rootcast.Server.Http;

namespace Rootcast.Server.Site;

/// <summary>
/// A site as a directory that any web server can serve. Each file is written beside and renamed, and the scripts come last: a machine that boots at that
/// moment gets the former image or the new one, whole. What former exports left stays for those that have begun.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="options">What machines get.</param>
/// <param name="root">URL under which the directory will be served, with a slash at its end; null for carrier
/// <c>initrd</c>, whose files iPXE finds beside the script.</param>
public sealed class StaticExport(ImageStore store, BootSiteOptions options, string? root)
{
    /// <summary>Digests of all files, as sha256sum(1) checks them.</summary>
    public const string SumsName = "SHA256SUMS";

    private readonly SortedDictionary<string, string> sums = new(StringComparer.Ordinal);

    /// <summary>Writes the tree.</summary>
    /// <returns>Paths of the scripts, the one that machines get first.</returns>
    /// <exception cref="UserError">Nothing can be exported, or the directory cannot be written.</exception>
    public async Task<IReadOnlyList<string>> WriteAsync(string directory, IProgressDisplay progress, CancellationToken cancellation)
    {
        BootSite site = new(store, options);
        BootChoice usual = site.Choose(new Dictionary<string, string>(StringComparer.Ordinal));
        if (root is null && usual.Carrier == Carrier.Http)
        {
            // ${cwduri} would be what iPXE fills in, but there are iPXEs of 2019 that leave it empty.
            throw new UserError(
                "Nothing says under which URL the directory will be served, and /init must know where it fetches the artefact.",
                "Add --url http://SERVER/PATH/, or take --carrier initrd, which needs none.",
                UserErrorKind.Input
            );
        }
        using StoreLease lease = store.Lease();
        Directory.CreateDirectory(directory);
        SortedDictionary<string, string> scripts = new(StringComparer.Ordinal);
        string url = root ?? "";
        foreach (ImageArtefact artefact in usual.Image.Manifest.Artefacts)
        {
            bool wanted = options.Form is { } form
                ? artefact.Form == form
                : BootChoice.Preference.Contains(artefact.Form) && (options.Carrier is not { } by || FormCarriers.Fit(artefact.Form, by));
            if (wanted)
            {
                BootChoice choice = BootChoice.Of(usual.Image, artefact.Form, options.Carrier);
                BootOffer offer = new(store, choice, options.Arguments);
                using IProgressStage stage = progress.Begin(choice.Title);
                await WriteFilesAsync(directory, choice, offer, cancellation);
                scripts[$"{Names.Of(choice.Artefact.Form)}.ipxe"] = offer.Script(url, null);
                if (choice is { Artefact.Form: Form.Tmpfs, Carrier: Carrier.Initrd })
                {
                    scripts[BootPaths.El6Script[1..]] = offer.El6Script(url);
                }
                stage.Done($"{choice.Artefact.Blob.Bytes / 1e6:0.0} MB");
            }
        }
        scripts[BootPaths.Script[1..]] = new BootOffer(store, usual, options.Arguments).Script(url, null);
        foreach ((string name, string text) in scripts)
        {
            sums[name] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        }
        await WriteTextAsync(directory, SumsName, string.Concat(sums.Select(sum => $"{sum.Value}  {sum.Key}\n")));
        foreach ((string name, string text) in scripts)
        {
            await WriteTextAsync(directory, name, text);
        }
        string first = BootPaths.Script[1..];
        return [.. scripts.Keys.OrderBy(name => name != first).Select(name => Path.Combine(directory, name))];
    }

    private async Task WriteFilesAsync(string directory, BootChoice choice, BootOffer offer, CancellationToken cancellation)
    {
        foreach (ImageBlob blob in offer.Blobs)
        {
            cancellation.ThrowIfCancellationRequested();
            string name = BlobPath.Of(blob.Digest)[1..];
            string target = Make(directory, name);
            sums[name] = blob.Digest["sha256:".Length..];
            // Its name is its digest, and only whole files get one.
            if (new FileInfo(target) is not { Exists: true } there || there.Length != blob.Bytes)
            {
                string source = store.PathOf(blob);
                await OutputFile.WriteAsync(target, temporary => Task.Run(() => File.Copy(source, temporary), cancellation));
            }
        }
        if (choice.Carrier == Carrier.Initrd)
        {
            string name = offer.InitrdPath[1..];
            string target = Make(directory, name);
            InitrdAssembler.Assemble(offer.Segments(), target, cancellation: cancellation);
            await using FileStream initrd = File.OpenRead(target);
            sums[name] = Convert.ToHexStringLower(await SHA256.HashDataAsync(initrd, cancellation));
        }
    }

    private static string Make(string directory, string name)
    {
        string path = Path.Combine(directory, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }

    private static Task WriteTextAsync(string directory, string name, string text) =>
        OutputFile.WriteAsync(Path.Combine(directory, name), temporary => File.WriteAllTextAsync(temporary, text));
}
