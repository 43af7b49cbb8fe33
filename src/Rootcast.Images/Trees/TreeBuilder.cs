using System.Globalization;
using Rootcast.Contract;
using Rootcast.Formats;
using Rootcast.Images.Progress;
using Rootcast.Images.Recipes;
using Rootcast.Images.Sources;
using Rootcast.Images.Tools;

namespace Rootcast.Images.Trees;

/// <summary>Makes the tree of a recipe, or finds it made: source, then edits, then scripts.</summary>
/// <param name="cache">Where trees are kept.</param>
/// <param name="display">Shows how far it is.</param>
public sealed class TreeBuilder(BuildCache cache, IProgressDisplay display)
{
    private const string Kind = "trees";

    /// <summary>SOURCE_DATE_EPOCH, in seconds since 1970: no time in the tree is later. Null takes a Debian archive's own date, and leaves the
    /// times of other sources.</summary>
    public long? SourceDateEpoch { get; init; } = ReadEpoch(Environment.GetEnvironmentVariable("SOURCE_DATE_EPOCH"));

    /// <summary>Told every command line that is run, in the form that can be pasted.</summary>
    public Action<string>? Log { get; init; }

    /// <summary>Makes it.</summary>
    /// <exception cref="UserError">What went wrong, with its place in the recipe where there is one.</exception>
    public async Task<TreeArchive> BuildAsync(Recipe recipe, CancellationToken cancellation = default)
    {
        using IProgressStage stage = display.Begin($"Tree from {recipe.Source}");
        using ITreeSource source = SourceOf(recipe);
        using CacheKey key = new("tree-1");
        key.Add("epoch", SourceDateEpoch?.ToString(CultureInfo.InvariantCulture));
        await source.AddToAsync(key, stage, cancellation);
        TreeEdits.AddTo(key, recipe);
        TreeScripts.AddTo(key, recipe);
        string name = key.Finish();
        if (cache.Find(Kind, name) is { } known)
        {
            TreeArchive unchanged = TreeArchive.Load(known);
            stage.Done($"unchanged, {unchanged.Entries} entries");
            return unchanged;
        }
        string entry = await cache.MakeAsync(Kind, name, place => MakeAsync(recipe, source, place, stage, cancellation));
        TreeArchive made = TreeArchive.Load(entry);
        stage.Done($"{made.Bytes / 1_000_000} MB, {made.Entries} entries");
        return made;
    }

    private async Task MakeAsync(Recipe recipe, ITreeSource source, string place, IProgressStage stage, CancellationToken cancellation)
    {
        await using TemporaryDirectory scratch = cache.MakeScratch();
        long? epoch = SourceDateEpoch ?? source.Epoch;
        using FileTree tree = await source.ReadAsync(scratch.Path, stage, cancellation);
        TreeEdits.Apply(tree, recipe);
        FileTree? scripted = null;
        try
        {
            if (recipe.Scripts.Count > 0)
            {
                stage.Detail("running scripts");
                // Files that scripts write get no later time than the tree had: the same tree and scripts give the same archive.
                epoch ??= NewestOf(tree);
                scripted = await TreeScripts.RunAsync(tree, recipe, scratch.Path, epoch, stage, Log, cancellation);
            }
            stage.Detail("writing the tree");
            TreeArchive archive;
            await using (FileStream file = new(TreeArchive.PathIn(place), FileMode.CreateNew, FileAccess.Write, FileShare.None, 0))
            {
                archive = TreeTar.Write(scripted ?? tree, file, epoch, (done, total) => stage.Report(done, total), cancellation);
            }
            source.Verify(cancellation);
            archive.Save(place);
        }
        finally
        {
            scripted?.Dispose();
        }
    }

    private ITreeSource SourceOf(Recipe recipe) =>
        recipe.Source switch
        {
            DebianSource debian => new DebianTreeSource(debian, cache, display, SourceDateEpoch, Log),
            DirectorySource directory => new DirectoryTreeSource(directory, display),
            TarSource tar => new TarTreeSource(tar, cache, Log),
            MediaSource media => new MediaTreeSource(media, cache, display, Log),
            RecipeSource other => throw new ArgumentException($"there is no way to a tree from {other}", nameof(recipe)),
        };

    private static long NewestOf(FileTree tree)
    {
        long newest = 0;
        foreach ((UnixPath _, TreeInode inode) in tree.Sorted())
        {
            newest = Math.Max(newest, inode.Entry.ModifiedSeconds + (inode.Entry.ModifiedNanoseconds > 0 ? 1 : 0));
        }
        return newest;
    }

    private static long? ReadEpoch(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long epoch)
            ? epoch
            : throw new UserError(
                $"SOURCE_DATE_EPOCH={text} is no number of seconds since 1970",
                "Set it to one (date +%s), or unset it.",
                UserErrorKind.Input
            );
    }
}
