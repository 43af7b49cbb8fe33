using Rootcast.Contract;
using Rootcast.Images.Store;
using Rootcast.Lab.Machines;
using Rootcast.Lab.Measuring;
using Rootcast.Server.Http;

namespace Rootcast.Cli.Boots;

/// <summary>An artefact behind HTTP on this host's loopback, where a machine's user-mode network finds it.</summary>
internal sealed class ServedArtefact : IMeasuredServer
{
    private readonly ArtefactServer server;
    private readonly string digest;

    private ServedArtefact(ArtefactServer server, string digest, string url)
    {
        this.server = server;
        this.digest = digest;
        Url = url;
    }

    /// <summary>As the guest asks for it.</summary>
    public string Url { get; }

    /// <inheritdoc/>
    public long BytesSent => server.BytesSent(digest);

    /// <summary>Starts to serve what the plan needs; null when it needs nothing, or says itself where to fetch.</summary>
    public static async Task<ServedArtefact?> StartAsync(
        ImageStore store,
        ImageManifest image,
        BootPlan plan,
        CancellationToken cancellation
    )
    {
        ImageArtefact? artefact = image.Artefacts.FirstOrDefault(artefact => artefact.Form == plan.Form);
        if (plan.Carrier != Carrier.Http || plan.Url is not null || artefact is null)
        {
            return null;
        }
        string hexadecimal = artefact.Blob.Digest["sha256:".Length..];
        string path = store.PathOf(artefact.Blob);
        // Nothing but this one blob can be asked for.
        ArtefactServerOptions options = new() { FindBlob = asked => asked == hexadecimal ? path : null };
        ArtefactServer started = await ArtefactServer.StartAsync(options, cancellation);
        return new ServedArtefact(started, artefact.Blob.Digest, started.UrlOf(artefact.Blob.Digest, Machine.HostAddress));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => server.DisposeAsync();
}
