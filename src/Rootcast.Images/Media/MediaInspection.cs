using Rootcast.Images.Tools;
using Rootcast.Images.Trees;

namespace Rootcast.Images.Media;

/// <summary>Shows what an image that another tool has made holds.</summary>
/// <param name="cache">Where there is room for what must be unpacked on the way.</param>
public sealed class MediaInspection(BuildCache cache)
{
    /// <summary>Told every command line that is run, in the form that can be pasted.</summary>
    public Action<string>? Log { get; init; }

    /// <summary>Looks at every level.</summary>
    /// <param name="path">The file.</param>
    /// <param name="told">Told what is looked at.</param>
    /// <param name="cancellation">Ends every program; nothing is left then.</param>
    /// <exception cref="Contract.UserError">It cannot be read, or nothing knows what it is.</exception>
    public async Task<MediaLevel> InspectAsync(string path, Action<string>? told, CancellationToken cancellation)
    {
        await using TemporaryDirectory scratch = cache.MakeScratch();
        MediaReader reader = new(scratch.Path, Log, told, MountedTree.IsPossible);
        using OpenedLevel root = await reader.OpenAsync(path, everything: true, cancellation);
        return root.ToData();
    }
}
