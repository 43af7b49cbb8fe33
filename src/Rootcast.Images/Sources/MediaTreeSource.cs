using System.Globalization;
using System.Text;
using Rootcast.Formats;
using Rootcast.Formats.Tree;
using Rootcast.Images.Media;
using Rootcast.Images.Progress;
using Rootcast.Images.Recipes;
using Rootcast.Images.Trees;

namespace Rootcast.Images.Sources;

/// <summary>A tree out of an image that another tool has made.</summary>
internal sealed class MediaTreeSource(MediaSource source, BuildCache cache, IProgressDisplay display, Action<string>? log) : ITreeSource
{
    private readonly FileDigest digest = new(cache);
    private Medium? medium;

    public long? Epoch => null;

    public async Task AddToAsync(CacheKey key, IProgressStage progress, CancellationToken cancellation)
    {
        try
        {
            digest.Take(source.Path);
            key.Add("media-1", await digest.ReadAsync(progress, cancellation));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or Linux.LinuxException)
        {
            throw RecipeError.At(source.Place, $"{source.Path} cannot be read: {error.Message}", "Check source.media.", error);
        }
        key.Add("partition", source.Partition?.ToString(CultureInfo.InvariantCulture));
        // By mounting, attributes are read that some of the other ways do not have.
        key.Add("mounted", MountedTree.IsPossible.ToString());
    }

    public async Task<FileTree> ReadAsync(string scratch, IProgressStage progress, CancellationToken cancellation)
    {
        MediaReader reader = new(scratch, log, name => progress.Detail($"looking into {name}"), MountedTree.IsPossible);
        medium = await Medium.OpenAsync(reader, source.Path, source.Partition, cancellation);
        display.Say($"The tree is that of {medium.Way}.");
        foreach (string note in medium.System.Facts.Notes.Where(_ => medium.System.Facts.Kind != MediaSignature.Initrd))
        {
            display.Say($"{medium.System.Facts.Name}: {note}");
        }
        // Its data is the medium's, which outlives it.
        FileTree tree = medium.System.Tree!.Share();
        FreeFromDisks(tree);
        return tree;
    }

    public void Verify(CancellationToken cancellation) => digest.Verify();

    public void Dispose() => medium?.Dispose();

    /// <summary>An installed system waits for the disks in its fstab(5) and stops when they do not come; the root and what is on it are not on disks
    /// any more.</summary>
    private void FreeFromDisks(FileTree tree)
    {
        TreeInode? old = tree.Follow(UnixPath.From("etc/fstab"), out UnixPath path);
        if (old?.Entry.Kind != NodeKind.File || old.Data is null)
        {
            return;
        }
        string text = Encoding.Latin1.GetString(old.Data.ReadAll(old.Entry));
        string[] lines = text.Split('\n');
        int changed = 0;
        for (int i = 0; i < lines.Length; i++)
        {
            if (IsDisk(lines[i]))
            {
                lines[i] = $"# not in this image: {lines[i]}";
                changed++;
            }
        }
        if (changed > 0)
        {
            byte[] bytes = Encoding.Latin1.GetBytes(string.Join('\n', lines));
            tree.Replace(old, new TreeInode(old.Entry with { Size = bytes.Length, DataRanges = null }, new HeldData(bytes)));
            display.Say($"/{path}: {changed} line(s) about disks and swap are made comments.");
        }
    }

    private static bool IsDisk(string line)
    {
        string[] prefixes = ["UUID=", "LABEL=", "PARTUUID=", "PARTLABEL=", "/dev/", "\"UUID=", "\"LABEL="];
        string start = line.TrimStart(' ', '\t');
        return prefixes.Any(prefix => start.StartsWith(prefix, StringComparison.Ordinal));
    }
}
