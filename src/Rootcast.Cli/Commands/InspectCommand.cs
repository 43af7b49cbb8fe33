using System.CommandLine;
using System.Text.Json;
using Rootcast.Cli.Data;
using Rootcast.Cli.Terminal;
using Rootcast.Images.Store;
using Spectre.Console;

namespace Rootcast.Cli.Commands;

/// <summary><c>rootcast inspect IMAGE</c>.</summary>
internal static class InspectCommand
{
    public static Command Create(Session session)
    {
        Argument<string> image = CommonOptions.Image();
        Option<bool> json = CommonOptions.Json();
        DocumentedCommand command = new("inspect", "Show what an image holds.", "rootcast inspect try", "rootcast inspect try --json")
        {
            image,
            json,
        };
        command.SetAction(parsed => Run(session, parsed.GetRequiredValue(image), parsed.GetValue(json)));
        return command;
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
