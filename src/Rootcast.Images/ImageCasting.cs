using System.Globalization;
using System.Security.Cryptography;
using Rootcast.Contract;
using Rootcast.Formats.Cpio;
using Rootcast.Images.Forms;
using Rootcast.Images.Initramfs;
using Rootcast.Images.Initrds;
using Rootcast.Images.Progress;
using Rootcast.Images.Recipes;
using Rootcast.Images.RootDaemons;
using Rootcast.Images.Sources;
using Rootcast.Images.Store;
using Rootcast.Images.Tools;
using Rootcast.Images.Trees;

namespace Rootcast.Images;

/// <summary>The second half of a build: makes an image of a tree and its kernels, and publishes it. What the store has from the same inputs is not made
/// again.</summary>
/// <param name="store">Where the image goes.</param>
/// <param name="init">The program that is <c>/init</c>.</param>
/// <param name="progress">Where it shows how far it is.</param>
public sealed class ImageCasting(ImageStore store, InitProgram init, IProgressDisplay progress)
{
    /// <summary>SOURCE_DATE_EPOCH in seconds since 1970; without it, images are from the present, and what is in them from 1970.</summary>
    public long? SourceDateEpoch { get; init; }

    private uint Epoch => (uint)Math.Clamp(SourceDateEpoch ?? 0, 0, uint.MaxValue);

    /// <summary>Throws when a program that the work will call is missing, so that nothing long has begun by then.</summary>
    public static void RequireTools(Recipe recipe)
    {
        List<string> tools = [.. FormCasting.ToolsFor(recipe.Forms)];
        if (recipe.Forms.Contains(Form.Zram))
        {
            tools.Add(ZramFileSystem.ToolFor(recipe.Options.Zram));
        }
        if (recipe.Initramfs.Busybox)
        {
            tools.Add("busybox");
        }
        if (recipe.Initramfs.Compress is "xz" or "lz4")
        {
            tools.Add(recipe.Initramfs.Compress);
        }
        Tool.Require(tools);
    }

    /// <summary>Casts and publishes.</summary>
    /// <exception cref="UserError">A program failed, a kernel lacks a module, the tree does not fit, or the disk is full. The former image of that name
    /// still boots.</exception>
    public async Task<StoredImage> CastAsync(
        Recipe recipe,
        TreeArchive tree,
        IReadOnlyList<KernelFiles> kernels,
        CancellationToken cancellation
    )
    {
        using StoreLease lease = store.Lease();
        // First, because it is quick and says what a kernel lacks.
        (ImageBlob initramfs, ImageBlob reasons) = await InitramfsAsync(recipe, tree, kernels, cancellation);
        FormCasting forms = new(store, progress);
        IReadOnlyList<ImageArtefact> artefacts = await forms.CastAsync(
            tree,
            recipe.Forms,
            recipe.Options with
            {
                Epoch = Epoch,
                OldestKernel = kernels.Select(kernel => ErofsFeatures.ReadVersion(kernel.Version)).Min(),
            },
            cancellation
        );
        return store.Publish(
            new ImageManifest
            {
                Name = recipe.Name,
                Created = SourceDateEpoch is { } epoch ? DateTimeOffset.FromUnixTimeSeconds(epoch) : DateTimeOffset.UtcNow,
                Source = recipe.Source.ToString(),
                Kernels =
                [
                    .. kernels.Select(kernel => new ImageKernel(kernel.Version, PutKernel(kernel, cancellation), PutConfig(kernel))),
                ],
                Initramfs = initramfs,
                Artefacts = artefacts,
                InitramfsReasons = reasons,
            }
        );
    }

    private InitramfsRequest RequestOf(Recipe recipe, IReadOnlyList<KernelFiles> kernels) =>
        new()
        {
            Init = init,
            Kernels = kernels,
            Forms = recipe.Forms,
            Sets = recipe.Initramfs.Sets is { } sets ? [.. sets.Select(set => set.Value)] : ModuleSet.Default,
            Modules =
            [
                .. recipe.Initramfs.Modules.Select(module => module.Value),
                .. recipe.Forms.Contains(Form.Disk) ? (string[])[DiskOptions.NameOf(recipe.Options.Disk.FileSystem)] : [],
                .. recipe.Forms.Contains(Form.Livefs) ? (string[])[DiskOptions.NameOf(recipe.Options.Livefs.FileSystem)] : [],
            ],
            Wanted =
            [
                .. PoolDaemons
                    .With(recipe)
                    .SelectMany(daemon => daemon.Daemon.Modules.Select(module => (module, $"root daemon {daemon.Daemon.Name}"))),
            ],
            Firmware = recipe.Initramfs.Firmware,
            BusyboxPath = recipe.Initramfs.Busybox ? Tool.Find("busybox") ?? throw Tool.Missing("busybox") : null,
            Files = recipe.Initramfs.Files,
            Compression = RecipeInitramfs.CompressionOf(recipe.Initramfs.Compress),
            Epoch = Epoch,
        };

    private async Task<(ImageBlob Initramfs, ImageBlob Reasons)> InitramfsAsync(
        Recipe recipe,
        TreeArchive tree,
        IReadOnlyList<KernelFiles> kernels,
        CancellationToken cancellation
    )
    {
        using IProgressStage stage = progress.Begin("Initramfs");
        InitramfsRequest request = RequestOf(recipe, kernels);
        if (recipe.Forms.Contains(Form.Zram))
        {
            ZramOptions zram = recipe.Options.Zram;
            request = request with
            {
                ZramFileSystem = (zram.FileSystem, await ZramFileSystemAsync(recipe, tree, cancellation)),
                ImageArguments = new([new("rootcast.zram.compressor", zram.Compressor)]),
            };
        }
        if (PoolDaemons.With(recipe) is { Count: > 0 } daemons)
        {
            RootDaemonPacking packing = new(store, progress);
            request = request with { RootDaemons = await packing.PackAsync(daemons, tree, Epoch, cancellation) };
        }
        using InitramfsDraft draft = await InitramfsBuilder.DraftAsync(request, cancellation);
        ImageBlob reasons = store.Put(draft.Reasons.ToBytes());
        ReadOnlyMemory<byte> microcode =
            recipe.Initramfs.Microcode.Count > 0
                ? (await MicrocodeSegment.OfNamedAsync(recipe.Initramfs.Microcode, cancellation)).Head
                : default;
        string before = microcode.IsEmpty ? "" : $" behind microcode {Convert.ToHexStringLower(SHA256.HashData(microcode.Span))}";
        string inputs = $"initramfs of {draft.InputsDigest()}: {InitramfsCompressor.Describe(request.Compression)}{before}";
        if (store.Recall(inputs) is { } known)
        {
            stage.Done($"unchanged, {draft.Count} entries");
            return (new ImageBlob(known.Digest, known.Bytes), reasons);
        }
        foreach (string note in draft.Notes)
        {
            progress.Say(note);
        }
        stage.Detail("compressing");
        ImageBlob blob = await WriteAsync(draft, request.Compression, microcode, cancellation);
        store.Remember(inputs, new ArtefactIdentity(blob.Digest, blob.Bytes, 0));
        stage.Done(string.Create(CultureInfo.InvariantCulture, $"{blob.Bytes / 1e6:F1} MB, {draft.Count} entries"));
        return (blob, reasons);
    }

    /// <summary>Kept by the store, because mkfs.btrfs does not give the same bytes twice, and the initramfs should stay as it is.</summary>
    private async Task<byte[]> ZramFileSystemAsync(Recipe recipe, TreeArchive tree, CancellationToken cancellation)
    {
        string inputs = $"empty {recipe.Options.Zram} for {tree.Digest}, epoch {Epoch}";
        if (store.Recall(inputs) is { } known)
        {
            return await File.ReadAllBytesAsync(store.PathOf(new ImageBlob(known.Digest, known.Bytes)), cancellation);
        }
        using StoreTemporary place = store.NewTemporary();
        byte[] archive = await ZramFileSystem.MakeAsync(
            recipe.Options with
            {
                Epoch = Epoch,
            },
            TreeFacts.Read(tree.TarPath, cancellation),
            Path.GetDirectoryName(place.Path)!,
            cancellation
        );
        ImageBlob blob = store.Put(archive);
        store.Remember(inputs, new ArtefactIdentity(blob.Digest, blob.Bytes, 0));
        return archive;
    }

    private async Task<ImageBlob> WriteAsync(
        InitramfsDraft draft,
        InitrdCompression compression,
        ReadOnlyMemory<byte> microcode,
        CancellationToken cancellation
    )
    {
        using StoreTemporary output = store.NewTemporary();
        try
        {
            await InitramfsCompressor.WriteAsync(draft, compression, output.Path, cancellation, microcode);
        }
        catch (IOException e)
        {
            throw store.Explain(e);
        }
        return store.PutFile(output.Path, SourceFile.Moved, cancellation);
    }

    /// <summary>Every distribution has it beside the kernel.</summary>
    private ImageBlob? PutConfig(KernelFiles kernel)
    {
        string path = Path.Combine(Path.GetDirectoryName(kernel.ImagePath)!, $"config-{kernel.Version}");
        return File.Exists(path) ? store.Put(File.ReadAllBytes(path)) : null;
    }

    private ImageBlob PutKernel(KernelFiles kernel, CancellationToken cancellation)
    {
        FileInfo file = new(kernel.ImagePath);
        string inputs = string.Create(CultureInfo.InvariantCulture, $"kernel {file.FullName} {file.Length} {file.LastWriteTimeUtc.Ticks}");
        if (store.Recall(inputs) is { } known)
        {
            return new ImageBlob(known.Digest, known.Bytes);
        }
        ImageBlob blob = store.PutFile(kernel.ImagePath, SourceFile.Kept, cancellation);
        store.Remember(inputs, new ArtefactIdentity(blob.Digest, blob.Bytes, 0));
        return blob;
    }
}
