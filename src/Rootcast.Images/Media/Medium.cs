using Rootcast.Contract;

namespace Rootcast.Images.Media;

/// <summary>An opened medium, and the system on it.</summary>
internal sealed class Medium : IDisposable
{
    private Medium(OpenedLevel root, OpenedLevel system)
    {
        Root = root;
        System = system;
    }

    /// <summary>The file itself.</summary>
    internal OpenedLevel Root { get; }

    /// <summary>The level whose tree is booted.</summary>
    internal OpenedLevel System { get; }

    /// <summary>Where the system is: <c>iso9660 > live/filesystem.squashfs (squashfs)</c>.</summary>
    internal string Way =>
        string.Join(" > ", WayTo(Root)!.Skip(1).Select(level => $"{level.Facts.Name} ({level.Facts.Kind})").Prepend(Root.Facts.Kind));

    /// <summary>Every kernel image on it.</summary>
    internal IEnumerable<FoundKernel> Kernels => Root.All().SelectMany(level => level.Kernels);

    /// <summary>Opens a file and chooses the system.</summary>
    /// <param name="reader">Reads it; its scratch directory must last as long as the medium.</param>
    /// <param name="path">The file.</param>
    /// <param name="partition">The number of the partition to take; null for the best.</param>
    /// <param name="cancellation">Ends every program.</param>
    /// <exception cref="UserError">It cannot be read, or there is no system in it.</exception>
    internal static async Task<Medium> OpenAsync(MediaReader reader, string path, int? partition, CancellationToken cancellation)
    {
        // One partition may be wanted and not the first that has a system.
        OpenedLevel root = await reader.OpenAsync(path, everything: partition is not null, cancellation);
        try
        {
            return new Medium(root, Choose(root, path, partition));
        }
        catch
        {
            root.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Root.Dispose();

    private static OpenedLevel Choose(OpenedLevel root, string path, int? partition)
    {
        IEnumerable<OpenedLevel> levels = root.All();
        if (partition is { } number)
        {
            OpenedLevel[] wanted = [.. levels.Where(level => level.Partition == number)];
            if (wanted.Length == 0)
            {
                throw new UserError(
                    $"{path} has no partition {number}",
                    $"'rootcast inspect {path}' shows what it has.",
                    UserErrorKind.Input
                );
            }
            levels = wanted.SelectMany(level => level.All());
        }
        // The initramfs of a live system is a system too, but not the one that is meant.
        OpenedLevel? chosen = levels
            .Where(level => level.IsSystem)
            .OrderBy(level => level.Facts.Kind == MediaSignature.Initrd ? 1 : 0)
            .ThenByDescending(level => level.Facts.UnpackedBytes)
            .FirstOrDefault();
        string notes = string.Join("; ", root.All().SelectMany(level => level.Facts.Notes));
        return chosen
            ?? throw new UserError(
                $"there is no system in {path}: nothing in it has an init{(notes.Length > 0 ? $" ({notes})" : "")}",
                $"'rootcast inspect {path}' shows what is in it.",
                UserErrorKind.Input
            );
    }

    private List<OpenedLevel>? WayTo(OpenedLevel from)
    {
        if (from == System)
        {
            return [from];
        }
        foreach (OpenedLevel inside in from.Inside)
        {
            if (WayTo(inside) is { } way)
            {
                return [from, .. way];
            }
        }
        return null;
    }
}
