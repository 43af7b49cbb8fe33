using System.CommandLine;
using System.CommandLine.Parsing;
using Rootcast.Contract;
using Rootcast.Images.Boot;
using Rootcast.Images.Store;
using Spectre.Console;

namespace Rootcast.Cli.Commands;

/// <summary><c>rootcast args IMAGE --for INITRAMFS</c>.</summary>
internal static class ArgsCommand
{
    public static Command Create(Session session)
    {
        Argument<string> image = CommonOptions.Image();
        Option<PeerInitramfs?> peer = new("--for")
        {
            Description = $"Whose initramfs: {string.Join(", ", PeerLine.Names)}",
            HelpName = "INITRAMFS",
            Required = true,
            CustomParser = Parse,
        };
        Option<Form?> form = CommonOptions.Form();
        form.Required = false;
        form.Description += "; squashfs when not given";
        Option<string?> url = new("--url") { Description = "Where the artefact is served", HelpName = "URL" };
        Option<string?> device = new("--device") { Description = "The device that it is on: LABEL=…, UUID=…, /dev/…", HelpName = "DEVICE" };
        Option<string?> path = new("--path")
        {
            Description = "The file on the device's file system; without --device and --url in the initramfs",
            HelpName = "PATH",
        };
        Option<bool> toRam = new("--toram") { Description = "Copied into memory first" };
        DocumentedCommand command = new(
            "args",
            "Print the kernel arguments that boot an image's artefact under another initramfs, or why it can't.",
            "rootcast args try --for dracut-106 --url http://10.0.0.1/root.squashfs",
            "rootcast args try --for live-boot --device LABEL=data --path /live/root.squashfs"
        )
        {
            image,
            peer,
            form,
            url,
            device,
            path,
            toRam,
        };
        command.SetAction(parsed =>
        {
            PeerPlace place = new(parsed.GetValue(url), parsed.GetValue(device), parsed.GetValue(path));
            return Run(
                session,
                parsed.GetRequiredValue(image),
                parsed.GetValue(peer)!.Value,
                parsed.GetValue(form) ?? Form.Squashfs,
                place,
                parsed.GetValue(toRam)
            );
        });
        return command;
    }

    private static int Run(Session session, string reference, PeerInitramfs peer, Form form, PeerPlace place, bool toRam)
    {
        if (
            place is { Url: null, Device: null, Path: null }
            || place is { Url: not null, Device: not null } or { Url: not null, Path: not null }
        )
        {
            throw new UserError(
                "exactly one place of the artefact is needed",
                "Give --url, or --device (and --path), or --path alone for a file in the initramfs.",
                UserErrorKind.Input
            );
        }
        ImageManifest image = session.OpenStore().Get(reference).Manifest;
        PeerLine line = PeerLine.Of(peer, form, place, toRam);
        _ = image.ArtefactOf(form);
        session.Output.WriteLine(line.Arguments);
        foreach (string note in line.Notes)
        {
            session.People.WriteLine(note);
        }
        return ExitCodes.Done;
    }

    private static PeerInitramfs? Parse(ArgumentResult result)
    {
        string text = result.Tokens[^1].Value;
        PeerInitramfs? found = PeerLine.PeerOf(text);
        if (found is null)
        {
            result.AddError($"'{text}' is not one of {string.Join(", ", PeerLine.Names)}");
        }
        return found;
    }
}
