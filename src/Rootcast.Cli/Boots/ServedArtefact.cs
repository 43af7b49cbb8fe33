using Rootcast.Contract;
using Rootcast.Images.Store;

namespace Rootcast.Cli.Boots;

/// <summary>An artefact behind HTTP on this host's loopback, where a machine's user-mode network finds it.</summary>
internal sealed class ServedArtefact : IAsyncDisposable
{
    private ServedArtefact(string url) => Url = url;

    /// <summary>As the guest asks for it.</summary>
    public string Url { get; }

    /// <summary>Starts to serve what the plan needs; null when it needs nothing, or says itself where to fetch.</summary>
    public static Task<ServedArtefact?> StartAsync(ImageStore store, ImageManifest image, BootPlan plan, CancellationToken cancellation)
    {
        return Task.FromResult<ServedArtefact?>(null);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
