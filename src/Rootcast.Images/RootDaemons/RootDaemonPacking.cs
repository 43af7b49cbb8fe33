using System.Globalization;
using Rootcast.Contract;
using Rootcast.Formats.Tar;
using Rootcast.Formats.Tree;
using Rootcast.Images.Forms;
using Rootcast.Images.Initramfs;
using Rootcast.Images.Progress;
using Rootcast.Images.Recipes;
using Rootcast.Images.Store;
using Rootcast.Images.Tools;
using Rootcast.Images.Trees;

namespace Rootcast.Images.RootDaemons;

/// <summary>Packs what root daemons need out of the tree: program, helpers, files, and the libraries of all of them. Each becomes an archive in the store,
/// made once for a tree.</summary>
/// <param name="store">Where the archives are kept.</param>
/// <param name="progress">Where it shows how far it is.</param>
internal sealed class RootDaemonPacking(ImageStore store, IProgressDisplay progress)
{
    /// <summary>What libc loads by itself when a thread ends (pthread_exit(3)), where a machine has it.</summary>
    private static readonly string[] UnwindLibraries =
    [
        "/usr/lib/x86_64-linux-gnu/libgcc_s.so.1",
        "/usr/lib64/libgcc_s.so.1",
        "/usr/lib/libgcc_s.so.1",
    ];

    /// <summary>Another number when the same tree would give another archive.</summary>
    private const int Version = 2;

    /// <summary>Packs them.</summary>
    /// <param name="daemons">What the recipe names.</param>
    /// <param name="tree">The tree that has their programs.</param>
    /// <param name="epoch">Time of every entry.</param>
    /// <param name="cancellation">Stops between programs.</param>
    /// <exception cref="UserError">The tree lacks a program or library.</exception>
    public async Task<IReadOnlyList<PackedRootDaemon>> PackAsync(
        IReadOnlyList<RecipeRootDaemon> daemons,
        TreeArchive tree,
        uint epoch,
        CancellationToken cancellation
    )
    {
        List<PackedRootDaemon> packed = [];
        TemporaryDirectory? work = null;
        try
        {
            foreach (RecipeRootDaemon daemon in daemons)
            {
                string inputs = string.Create(
                    CultureInfo.InvariantCulture,
                    $"root daemon {Version} of {tree.Digest}: {daemon.Daemon.Program} {string.Join(' ', daemon.Daemon.Stop.Take(1))}; {string.Join(' ', daemon.Programs)}; {string.Join(' ', daemon.Files)}; epoch {epoch}"
                );
                ArtefactIdentity? made = store.Recall(inputs);
                if (made is null)
                {
                    using IProgressStage stage = progress.Begin($"root daemon {daemon.Daemon.Name}");
                    using StoreTemporary output = store.NewTemporary();
                    work ??= TemporaryDirectory.Create(Path.GetDirectoryName(output.Path)!);
                    string root = await UnpackAsync(tree, work, cancellation);
                    int entries = Write(daemon, root, epoch, output.Path);
                    ImageBlob blob = store.PutFile(output.Path, SourceFile.Moved, cancellation);
                    made = new ArtefactIdentity(blob.Digest, blob.Bytes, 0);
                    store.Remember(inputs, made);
                    stage.Done(string.Create(CultureInfo.InvariantCulture, $"{made.Bytes / 1e6:F1} MB, {entries} entries"));
                }
                packed.Add(new PackedRootDaemon(daemon.Daemon, store.PathOf(new ImageBlob(made.Digest, made.Bytes))));
            }
            return packed;
        }
        finally
        {
            if (work is not null)
            {
                await work.DisposeAsync();
            }
        }
    }

    private static async Task<string> UnpackAsync(TreeArchive tree, TemporaryDirectory work, CancellationToken cancellation)
    {
        string path = work.Join("tree");
        if (!Directory.Exists(path))
        {
            bool asRoot = Environment.IsPrivilegedProcess;
            await UnpackedTree.UnpackAsync(tree, TreeFacts.Read(tree.TarPath, cancellation), work, asRoot, cancellation);
        }
        return path;
    }

    private int Write(RecipeRootDaemon daemon, string root, uint epoch, string output)
    {
        using RootFiles files = new(root);
        InitramfsTree tree = new(epoch, files);
        List<string> notes = [];
        LibraryClosure libraries = new(tree, notes);
        tree.AddSkeleton();
        foreach (string program in (string[])[daemon.Daemon.Program, .. daemon.Daemon.Stop.Take(1), .. daemon.Programs])
        {
            if (!libraries.AddProgram(program, $"root daemon {daemon.Daemon.Name}", null))
            {
                throw RecipeError.At(
                    daemon.Place,
                    $"root daemon {daemon.Daemon.Name}: the tree has no {program}",
                    "Add the package that has it to source.debian.packages, or correct the path."
                );
            }
        }
        foreach (string path in (string[])[.. UnwindLibraries, .. daemon.Files])
        {
            if (files.Find(path) is { } file)
            {
                tree.AddFile(file, file.Status.Permissions, new InitramfsReason(path, $"root daemon {daemon.Daemon.Name}", null));
            }
        }
        foreach (string note in notes)
        {
            progress.Say(note);
        }
        using FileStream archive = new(output, FileMode.CreateNew, FileAccess.Write);
        TarWriter writer = new(archive);
        foreach (InitramfsEntry entry in tree.Entries)
        {
            if (entry.From is { } from)
            {
                writer.Write(entry.Entry, from.ReadAll());
            }
            else if (entry.Entry.Kind == NodeKind.File)
            {
                writer.Write(entry.Entry, entry.Content!.Value.Span);
            }
            else
            {
                writer.Write(entry.Entry);
            }
        }
        writer.Finish();
        return tree.Entries.Count;
    }
}
