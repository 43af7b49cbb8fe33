using Rootcast.Images.Trees;

namespace Rootcast.Images.Media;

/// <summary>A level of a medium with what was opened to look into it.</summary>
internal sealed class OpenedLevel : IDisposable
{
    /// <summary>What is known of it, without what is in it.</summary>
    internal required MediaLevel Facts { get; set; }

    /// <summary>Its bytes.</summary>
    internal required MediaExtent Extent { get; init; }

    /// <summary>Number of the partition that it is; 0 for none.</summary>
    internal int Partition { get; init; }

    /// <summary>Its files; null when it has none or they were not read.</summary>
    internal FileTree? Tree { get; set; }

    /// <summary>Whether the tree has an init.</summary>
    internal bool IsSystem => Tree is not null && Facts.Init is not null;

    /// <summary>Images of kernels in it.</summary>
    internal List<FoundKernel> Kernels { get; } = [];

    /// <summary>What is in it.</summary>
    internal List<OpenedLevel> Inside { get; } = [];

    /// <summary>It and everything in it, the outer before the inner.</summary>
    internal IEnumerable<OpenedLevel> All() => Inside.SelectMany(level => level.All()).Prepend(this);

    /// <summary>Adds a note.</summary>
    internal void Note(string text) => Facts = Facts with { Notes = [.. Facts.Notes, text] };

    /// <summary>What is known of it and of everything in it.</summary>
    internal MediaLevel ToData() => Facts with { Inside = [.. Inside.Select(level => level.ToData())] };

    /// <inheritdoc/>
    public void Dispose()
    {
        // The inner may be mounted from a file of the outer.
        foreach (OpenedLevel level in Inside)
        {
            level.Dispose();
        }
        Tree?.Dispose();
    }
}
