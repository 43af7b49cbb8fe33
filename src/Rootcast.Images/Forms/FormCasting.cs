using System.Globalization;
using Rootcast.Contract;
using Rootcast.Images.Progress;
using Rootcast.Images.Store;
using Rootcast.Images.Tools;
using Rootcast.Images.Trees;

namespace Rootcast.Images.Forms;

/// <summary>Casts a tree into forms and puts the artefacts into the store. What the store has from the same tree by the same means is not made
/// again.</summary>
public sealed class FormCasting(ImageStore store, IProgressDisplay progress)
{
    private static readonly IReadOnlyList<IFormCaster> Casters =
    [
        new TmpfsForm(),
        new ZramForm(),
        new InitramfsForm(),
        new SquashfsForm(Environment.IsPrivilegedProcess),
        new ErofsForm(Environment.IsPrivilegedProcess),
        new RamdiskForm(Environment.IsPrivilegedProcess),
        new DiskForm(Environment.IsPrivilegedProcess),
        new LivefsForm(Environment.IsPrivilegedProcess),
        new ZfsForm(),
        new ZfsFuseForm(),
    ];

    /// <summary>Programs that are called for these forms; for checking before the work begins.</summary>
    public static IReadOnlyList<string> ToolsFor(IEnumerable<Form> forms) =>
        [.. forms.SelectMany(form => CasterOf(form).Tools).Distinct(StringComparer.Ordinal)];

    /// <summary>Casts into each of the forms, one after another: their programs use every core by themselves. The caller holds a
    /// <see cref="StoreLease"/>.</summary>
    /// <exception cref="UserError">A program is missing or failed, the tree does not fit, or the disk is full.</exception>
    public async Task<IReadOnlyList<ImageArtefact>> CastAsync(
        TreeArchive tree,
        IReadOnlyList<Form> forms,
        CastOptions options,
        CancellationToken cancellation
    )
    {
        TreeFacts? facts = null;
        List<ImageArtefact> artefacts = [];
        foreach (Form form in forms)
        {
            IFormCaster caster = CasterOf(form);
            Tool.Require(caster.Tools);
            using IProgressStage stage = progress.Begin($"casting {Names.Of(form)}");
            // Forms with the same file share it.
            string means = await caster.DescribeInputsAsync(options, cancellation);
            string inputs = $"{ArtefactFiles.NameOf(form)} of {tree.Digest}: {means}";
            ArtefactIdentity? made = store.Recall(inputs);
            bool recalled = made is not null;
            if (made is null)
            {
                facts ??= TreeFacts.Read(tree.TarPath, cancellation);
                made = await CastAsync(caster, tree, facts, options, stage, cancellation);
                store.Remember(inputs, made);
                Warn(form, facts);
            }
            artefacts.Add(
                new ImageArtefact(form, new ImageBlob(made.Digest, made.Bytes), made.UnpackedBytes, means)
                {
                    Disks = caster.DisksOf(options),
                }
            );
            stage.Done(recalled ? "unchanged" : string.Create(CultureInfo.InvariantCulture, $"{made.Bytes / 1e6:F1} MB"));
        }
        return artefacts;
    }

    private static IFormCaster CasterOf(Form form) => Casters.First(caster => caster.Form == form);

    private async Task<ArtefactIdentity> CastAsync(
        IFormCaster caster,
        TreeArchive tree,
        TreeFacts facts,
        CastOptions options,
        IProgressStage stage,
        CancellationToken cancellation
    )
    {
        using StoreTemporary output = store.NewTemporary();
        try
        {
            CastRequest request = new(tree, facts, options, output.Path, Path.GetDirectoryName(output.Path)!, stage);
            long unpacked = await caster.CastAsync(request, cancellation);
            ImageBlob blob = store.PutFile(output.Path, SourceFile.Moved, cancellation);
            return new ArtefactIdentity(blob.Digest, blob.Bytes, unpacked);
        }
        catch (IOException e)
        {
            throw store.Explain(e);
        }
    }

    private void Warn(Form form, TreeFacts facts)
    {
        if (form == Form.Squashfs && facts.AccessLists > 0)
        {
            progress.Say($"squashfs cannot keep POSIX access lists: {facts.AccessLists} files of the tree lose theirs.");
        }
    }
}
