using Rootcast.Cli.Host;
using Rootcast.Contract;
using Rootcast.Images;
using Rootcast.Images.Boot;
using Rootcast.Images.Progress;
using Rootcast.Images.Store;
using Rootcast.Images.Tools;
using Rootcast.Lab.Peers;
using Rootcast.Lab.Running;

namespace Rootcast.Cli.Measuring;

/// <summary>The initramfs of the peers, each made in a tree of its own and taken out of it; disposing this deletes them.</summary>
internal sealed class PeerImages : IDisposable
{
    private readonly LabDirectory directory = new();
    private readonly List<PeerImage> images = [];

    private PeerImages() { }

    /// <summary>What was made.</summary>
    public IReadOnlyList<PeerImage> All => images;

    /// <summary>Makes those that the peers need, for an image's first kernel.</summary>
    /// <exception cref="UserError">A tree could not be made: its kernel is no package of Debian's, or its archive cannot be reached.</exception>
    public static async Task<PeerImages> MakeAsync(
        IEnumerable<Peer> peers,
        ImageStore store,
        ImageManifest image,
        IProgressDisplay progress,
        CancellationToken cancellation
    )
    {
        PeerImages made = new();
        try
        {
            string kernel = image.Kernels[0].Version;
            foreach (Peer peer in peers)
            {
                if (made.images.Exists(image => image.Initramfs == peer.Initramfs))
                {
                    continue;
                }
                ImageBuilder builder = new(store, EmbeddedInit.Load(), progress);
                StoredImage tree = await builder.BuildAsync(PeerRecipes.Of(peer.Initramfs, HostSystem.Read(), kernel), cancellation);
                made.images.Add(await made.TakeAsync(peer.Initramfs, store, tree, cancellation));
            }
            return made;
        }
        catch
        {
            made.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => directory.Dispose();

    private async Task<PeerImage> TakeAsync(PeerInitramfs initramfs, ImageStore store, StoredImage tree, CancellationToken cancellation)
    {
        using StoreLease lease = store.Lease();
        string name = tree.Manifest.Name;
        string place = Directory.CreateDirectory(directory.File(name)).FullName;
        string archive = store.PathOf(tree.Manifest.ArtefactOf(Form.Tmpfs).Blob);
        await new Tool("tar", "--zstd", "-xf", archive, "-C", place, PeerRecipes.InitramfsPath).RunAsync(cancellation);
        return new PeerImage(initramfs, Path.Combine(place, PeerRecipes.InitramfsPath), tree.Manifest.Source);
    }
}
