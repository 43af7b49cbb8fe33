using Rootcast.Contract;
using Rootcast.Init.Network;
using Rootcast.Protocols.Http;

namespace Rootcast.Init.Carriers;

/// <summary>The artefact is fetched from a server.</summary>
public sealed class HttpCarrier : ICarrier
{
    /// <inheritdoc/>
    public IArtefactSource Find(Boot boot)
    {
        byte[]? authorities = Authorities();
        HttpUrl url = Check(boot.Plan, authorities is not null, out ArtefactIdentity? identity);
        ConfiguredLink network = NetworkStart.Run(boot);
        NameResolver resolver = new(network.Configuration.NameServers, network.Configuration.Domain);
        HttpFetch fetch = new(url, identity?.Bytes, resolver.Resolve, boot.Journal.Say, new HttpFetchLimits { Authorities = authorities });
        try
        {
            fetch.Begin();
        }
        catch
        {
            fetch.Dispose();
            throw;
        }
        boot.Journal.Mark(Marks.ArtefactFound);
        return new HttpSource(fetch, url.ToString(), identity, boot.Journal);
    }

    /// <summary>What is wrong with a plan is said before the network is touched.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="hasAuthority">Whether the initramfs has <see cref="InitramfsPaths.Authority"/>.</param>
    /// <param name="identity">What is to be fetched; null for an image of others that nothing is known of.</param>
    public static HttpUrl Check(BootPlan plan, bool hasAuthority, out ArtefactIdentity? identity)
    {
        if (plan.Url is null)
        {
            throw new UserError("carrier http: rootcast.url= is missing", "Add rootcast.url=http://HOST/PATH to the boot plan.");
        }
        if (!HttpUrl.TryParse(plan.Url, out HttpUrl? url))
        {
            throw new UserError(
                $"carrier http: rootcast.url={plan.Url} is no URL that init can fetch",
                "Write http://HOST[:PORT]/PATH, without spaces and without a user name."
            );
        }
        CanBeJudged(
            url!,
            hasAuthority,
            "carrier http: rootcast.url",
            "fetch by http: the digest in the boot plan shows any change on the way"
        );
        identity = plan.Artefact;
        if (identity is null && plan.Inside is null)
        {
            throw new UserError(
                $"carrier http: rootcast.artefact= is missing, and what is fetched from {url} could not be verified",
                "Add rootcast.artefact=sha256:HEX,BYTES,UNPACKED; rootcast boot and rootcast export write it."
            );
        }
        return url!;
    }

    /// <summary>Authorities by which HTTPS servers are judged, as PEM; null when the initramfs has none.</summary>
    public static byte[]? Authorities() => File.Exists(InitramfsPaths.Authority) ? File.ReadAllBytes(InitramfsPaths.Authority) : null;

    /// <summary>Throws where a server is asked for by HTTPS, and nothing says whether it is the one.</summary>
    /// <param name="url">What is asked for.</param>
    /// <param name="hasAuthority">Whether the initramfs has <see cref="InitramfsPaths.Authority"/>.</param>
    /// <param name="key">Which part of the boot plan asks.</param>
    /// <param name="otherwise">What else can be done.</param>
    /// <exception cref="UserError">It can't be judged.</exception>
    public static void CanBeJudged(HttpUrl url, bool hasAuthority, string key, string otherwise)
    {
        if (url.Scheme == "https" && !hasAuthority)
        {
            throw new UserError(
                $"{key}={url}: this initramfs has no authority by which the server could be judged",
                $"Pack one as {InitramfsPaths.Authority} (initramfs.files of the recipe), or {otherwise}."
            );
        }
    }
}
