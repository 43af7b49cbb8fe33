using System.CommandLine;
using System.Text.Json;
using Rootcast.Cli.Data;
using Rootcast.Cli.Terminal;
using Rootcast.Contract;
using Rootcast.Images.Initrds;
using Rootcast.Images.Store;
using Spectre.Console;

namespace Rootcast.Cli.Commands;

/// <summary><c>rootcast initramfs assemble</c>.</summary>
internal static class InitramfsAssembleCommand
{
    public static Command Create(Session session)
    {
        Argument<string?> image = new("IMAGE")
        {
            Description = "Image of the store, for the base segment and its forms; without it only what is named is assembled",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<string[]> microcode = Several(
            "--microcode",
            "FILE",
            $"Processor updates: '{InitrdRequest.Host}' for this host's packages, or files"
        );
        Option<string?> basePath = new("--base") { Description = "Another base segment than the image's", HelpName = "FILE" };
        Option<Form?> form = CommonOptions.Form(required: false);
        form.Description = "Put the boot plan of this form in; a payload that is named as a form brings it along";
        Option<string?> payload = new("--payload")
        {
            Description =
                "The artefact: a form of the image, or a file. Without it init looks for the artefact on media and at rootcast.url=",
            HelpName = "FORM|FILE",
        };
        Option<string?> arguments = new("--append") { Description = "More arguments for the boot plan", HelpName = "ARGS" };
        Option<string[]> nodes = Several(
            "--node",
            "DIR|FILE",
            "Configuration of one machine: a directory with cmdline, hostname, ssh/, tree/; or a file"
        );
        Option<string> output = CpioCommand.Output();
        Option<bool> json = CommonOptions.Json();
        DocumentedCommand command = new(
            "assemble",
            "Join the segments of an initrd: microcode, base, boot plan, payload, node. On XFS and Btrfs it shares its data with the files; else it is copied.",
            "rootcast initramfs assemble try --payload squashfs --output /srv/tftp/initrd.img",
            "rootcast initramfs assemble try --microcode host --form squashfs --append rootcast.url=http://server/root.squashfs --output initrd.img",
            "rootcast initramfs assemble try --payload squashfs --node nodes/n01 --output n01.img",
            "rootcast initramfs assemble --node nodes/n01 --output n01.cpio"
        )
        {
            image,
            microcode,
            basePath,
            form,
            payload,
            arguments,
            nodes,
            output,
            json,
        };
        command.SetAction(
            async (parsed, cancellation) =>
            {
                // Without an image the store is not touched.
                ImageStore? store = parsed.GetValue(image) is null ? null : session.OpenStore();
                using StoreLease? lease = store?.Lease();
                InitrdRequest request = new()
                {
                    Image = store?.Get(parsed.GetValue(image)!).Manifest,
                    Microcode = parsed.GetValue(microcode) ?? [],
                    BasePath = parsed.GetValue(basePath),
                    Form = parsed.GetValue(form),
                    Payload = parsed.GetValue(payload),
                    Arguments = KernelArguments.Parse(parsed.GetValue(arguments) ?? ""),
                    Nodes = parsed.GetValue(nodes) ?? [],
                };
                InitrdParts parts = new(blob => store!.PathOf(blob));
                IReadOnlyList<InitrdSegment> segments = await parts.GatherAsync(request, cancellation);
                string path = parsed.GetRequiredValue(output);
                Show(session, path, InitrdAssembler.Assemble(segments, path, cancellation: cancellation), parsed.GetValue(json));
                return ExitCodes.Done;
            }
        );
        return command;
    }

    private static void Show(Session session, string path, InitrdBytes bytes, bool json)
    {
        SegmentData[] segments = [.. bytes.Segments.Select(SegmentData.Of)];
        if (json)
        {
            session.WriteJson(JsonSerializer.SerializeToUtf8Bytes(segments, CliJson.Default.SegmentDataArray));
            return;
        }
        Table table = Tables.Plain("segment", "size", "shared");
        foreach (SegmentData segment in segments)
        {
            string shared =
                segment.NotShared is { } reason ? $"copied: {reason}"
                : segment.File is null ? "made here"
                : Amounts.Bytes(segment.SharedBytes);
            table.AddRow(new Text(segment.Segment), new Text(Amounts.Bytes(segment.Bytes)), new Text(shared));
        }
        session.Data.Write(table);
        session.People.WriteLine($"{path}: {Amounts.Bytes(bytes.Total)}, {Amounts.Bytes(bytes.Shared)} of them shared");
    }

    private static Option<string[]> Several(string name, string helpName, string description) =>
        new(name)
        {
            Description = description,
            HelpName = helpName,
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = true,
        };
}
