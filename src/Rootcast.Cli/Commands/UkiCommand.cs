using System.CommandLine;
using Rootcast.Cli.Terminal;
using Rootcast.Contract;
using Rootcast.Images.Loaders;
using Rootcast.Images.Progress;
using Rootcast.Images.Store;

namespace Rootcast.Cli.Commands;

/// <summary><c>rootcast uki IMAGE</c>.</summary>
internal static class UkiCommand
{
    public static Command Create(Session session)
    {
        MediaOptions media = new();
        Option<Form?> form = CommonOptions.Form();
        Option<Carrier?> carrier = CommonOptions.Carrier(Carrier.Initrd);
        Option<string> output = CommonOptions.Output("The EFI program to write");
        Option<string?> key = new("--sign") { Description = "Sign it with this private key (PEM)", HelpName = "KEY" };
        Option<string?> certificate = new("--cert") { Description = "Certificate of that key (PEM)", HelpName = "CERT" };
        DocumentedCommand command = new(
            "uki",
            "Make one EFI program of kernel, initrd and command line (a unified kernel image).",
            "rootcast uki try --form squashfs --to /boot/efi/EFI/BOOT/BOOTX64.EFI",
            "rootcast uki try --form squashfs --carrier http --append rootcast.url=http://10.0.0.1/root.squashfs --to try.efi",
            "rootcast uki try --form tmpfs --sign db.key --cert db.crt --to try.efi"
        )
        {
            form,
            carrier,
            output,
            key,
            certificate,
        };
        media.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(key) is null != result.GetValue(certificate) is null)
            {
                result.AddError("--sign and --cert belong together");
            }
        });
        command.SetAction(
            async (parsed, cancellation) =>
            {
                CommonOptions.RequireFit(parsed.GetValue(form)!.Value, parsed.GetValue(carrier)!.Value);
                ImageStore store = session.OpenStore();
                ImageManifest image = store.Get(parsed.GetRequiredValue(media.Image)).Manifest;
                UkiRequest request = new()
                {
                    Image = image,
                    Boot = media.Request(
                        parsed,
                        new BootPlan { Form = parsed.GetValue(form)!.Value, Carrier = parsed.GetValue(carrier)!.Value }
                    ),
                    KeyPath = parsed.GetValue(key),
                    CertificatePath = parsed.GetValue(certificate),
                };
                string path = parsed.GetRequiredValue(output);
                await session.WithProgressAsync(async progress =>
                {
                    using IProgressStage stage = progress.Begin($"UKI of {image.Name}");
                    await UkiImage.WriteAsync(store, request, path, stage, cancellation);
                    stage.Done(Amounts.Bytes(new FileInfo(path).Length));
                    return 0;
                });
                session.Output.WriteLine(path);
                return ExitCodes.Done;
            }
        );
        return command;
    }
}
