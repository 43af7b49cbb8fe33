using System.CommandLine;
using System.Text.Json;
using Rootcast.Cli.Data;
using Rootcast.Cli.Terminal;
using Rootcast.Images.Media;
using Rootcast.Images.Progress;
using Rootcast.Images.Store;
using Rootcast.Images.Trees;
using Spectre.Console;

namespace Rootcast.Cli.Commands;

/// <summary><c>rootcast inspect IMAGE</c> and <c>rootcast inspect FILE</c>.</summary>
internal static class InspectCommand
{
    public static Command Create(Session session)
    {
        Argument<string> image = new("IMAGE|FILE")
        {
            Description =
                "A path of a file (with a '/' in it, or of a file that is there), else name of an image in the store or the beginning of its digest",
        };
        Option<bool> json = CommonOptions.Json();
        DocumentedCommand command = new(
            "inspect",
            "Show what an image holds, or what is in a file that another tool has made: ISO, squashfs, EROFS, disk, initrd, tar.",
            "rootcast inspect try",
            "rootcast inspect try --json",
            "rootcast inspect debian-live.iso",
            "rootcast inspect ./disk.qcow2 --json"
        )
        {
            image,
            json,
        };
        command.SetAction(
            async (parsed, cancellation) =>
            {
                string named = parsed.GetRequiredValue(image);
                return IsFile(named)
                    ? await RunAsync(session, named, parsed.GetValue(json), cancellation)
                    : Run(session, named, parsed.GetValue(json));
            }
        );
        return command;
    }

    /// <summary>An image's name may have slashes; nothing begins with one, or with a dot, or is a file here by accident.</summary>
    private static bool IsFile(string named) => named.StartsWith('/') || named.StartsWith('.') || File.Exists(named);

    private static async Task<int> RunAsync(Session session, string file, bool json, CancellationToken cancellation)
    {
        MediaLevel level = await session.WithProgressAsync(async progress =>
        {
            using IProgressStage stage = progress.Begin($"Inspecting {file}");
            MediaLevel found = await new MediaInspection(BuildCache.OfUser()).InspectAsync(file, stage.Detail, cancellation);
            stage.Done(found.Kind);
            return found;
        });
        if (json)
        {
            session.WriteJson(JsonSerializer.SerializeToUtf8Bytes(level, CliJson.Default.MediaLevel));
        }
        else
        {
            session.Data.Write(MediaText.Of(level));
        }
        return ExitCodes.Done;
    }

    private static int Run(Session session, string reference, bool json)
    {
        ImageStore store = session.OpenStore();
        ImageData image = ImageData.Of(store.Get(reference));
        if (json)
        {
            session.WriteJson(JsonSerializer.SerializeToUtf8Bytes(image, CliJson.Default.ImageData));
            return ExitCodes.Done;
        }
        session.Output.WriteLine($"name     {image.Name}");
        session.Output.WriteLine($"digest   {image.Digest}");
        session.Output.WriteLine($"created  {Amounts.Moment(image.Created!.Value)}");
        session.Output.WriteLine($"source   {image.Source}");
        session.Output.WriteLine($"store    {store.Directory}");
        Table table = Tables.Plain("part", "bytes", "unpacked", "blob");
        foreach (KernelData kernel in image.Kernels)
        {
            Add($"kernel {kernel.Version}", kernel.Blob, "");
        }
        Add("initramfs", image.Initramfs!, "");
        foreach (ArtefactData artefact in image.Artefacts)
        {
            Add($"form {artefact.Form}", artefact.Blob, artefact.UnpackedBytes > 0 ? Amounts.Bytes(artefact.UnpackedBytes) : "");
        }
        session.Data.Write(table);
        return ExitCodes.Done;

        void Add(string part, BlobData blob, string unpacked) =>
            table.AddRow(new Text(part), new Text(Amounts.Bytes(blob.Bytes)), new Text(unpacked), new Text(blob.Digest));
    }
}
