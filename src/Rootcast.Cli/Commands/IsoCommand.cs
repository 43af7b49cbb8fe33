using System.CommandLine;
using Rootcast.Cli.Terminal;
using Rootcast.Contract;
using Rootcast.Images.Loaders;
using Rootcast.Images.Progress;
using Rootcast.Images.Store;

namespace Rootcast.Cli.Commands;

/// <summary><c>rootcast iso IMAGE</c>.</summary>
internal static class IsoCommand
{
    public static Command Create(Session session)
    {
        MediaOptions media = new();
        Option<Form[]> forms = CommonOptions.Forms(
            "Forms of the boot menu, the default first; without it every form of the image that can"
        );
        Option<Carrier?> carrier = CommonOptions.Carrier(Carrier.Disk);
        carrier.Description = "Where the artefact is: disk (a file on the ISO), initrd (in the initrd, and so in memory)";
        carrier.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<Carrier?>() == Carrier.Http)
            {
                result.AddError("--carrier: an ISO brings its artefact by disk or initrd");
            }
        });
        Option<string?> label = new("--label")
        {
            Description = "Label of the volume; without it the image's name and digits of its content",
            HelpName = "LABEL",
        };
        Option<string> output = CommonOptions.Output("The ISO to write");
        DocumentedCommand command = new(
            "iso",
            "Make an ISO that BIOS and UEFI boot, as a CD and as a USB disk.",
            "rootcast iso try --to try.iso",
            "rootcast iso try --form squashfs --form tmpfs --append console=ttyS0 --to try.iso"
        )
        {
            forms,
            carrier,
            label,
            output,
        };
        media.AddTo(command);
        command.SetAction(
            async (parsed, cancellation) =>
            {
                ImageStore store = session.OpenStore();
                ImageManifest image = store.Get(parsed.GetRequiredValue(media.Image)).Manifest;
                IReadOnlyList<Form> chosen = parsed.GetValue(forms) is { Length: > 0 } asked ? asked : FormsOf(image);
                IsoRequest request = new()
                {
                    Image = image,
                    Boots =
                    [
                        .. chosen.Select(form =>
                            media.Request(parsed, new BootPlan { Form = form, Carrier = CarrierOf(form, parsed.GetValue(carrier)!.Value) })
                        ),
                    ],
                    Label = parsed.GetValue(label),
                    Epoch = MediaOptions.Epoch,
                };
                string path = parsed.GetRequiredValue(output);
                await session.WithProgressAsync(async progress =>
                {
                    using IProgressStage stage = progress.Begin($"ISO of {image.Name}");
                    await IsoImage.WriteAsync(store, request, path, stage, cancellation);
                    stage.Done(Amounts.Bytes(new FileInfo(path).Length));
                    return 0;
                });
                session.Output.WriteLine(path);
                return ExitCodes.Done;
            }
        );
        return command;
    }

    /// <summary>What only an initrd can bring comes in one, beside the others.</summary>
    private static Carrier CarrierOf(Form form, Carrier asked) => FormCarriers.Fit(form, asked) ? asked : Carrier.Initrd;

    private static Form[] FormsOf(ImageManifest image)
    {
        Form[] forms = [.. image.Artefacts.Select(artefact => artefact.Form).Where(form => !FormCarriers.IsInPlace(form))];
        return forms.Length > 0
            ? forms
            : throw new UserError(
                $"The image '{image.Name}' has no form that boots from an ISO.",
                "Add squashfs to the recipe and build again, or write it to a disk: rootcast write.",
                UserErrorKind.Input
            );
    }
}
