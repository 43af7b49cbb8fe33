using System.CommandLine;
using System.Text.Json;
using Rootcast.Cli.Data;
using Rootcast.Contract;
using Rootcast.Images.Initramfs;
using Rootcast.Images.Store;
using Spectre.Console;

namespace Rootcast.Cli.Commands;

/// <summary><c>rootcast initramfs list|extract|why|assemble</c>.</summary>
internal static class InitramfsCommand
{
    public static Command Create(Session session) =>
        new Command("initramfs", "Look into the initramfs of an image, or into any initrd; assemble one out of segments.")
        {
            InitramfsBuildCommand.Create(session),
            List(session),
            Extract(session),
            Why(session),
            InitramfsDiffCommand.Create(session),
            InitramfsCheckCommand.Create(session),
            InitramfsHookCommand.Create(session),
            InitramfsAssembleCommand.Create(session),
        };

    private static DocumentedCommand List(Session session)
    {
        Argument<string> what = ImageOrFile();
        Option<bool> json = CommonOptions.Json();
        DocumentedCommand command = new(
            "list",
            "List what is in it, in the order in which the kernel unpacks it.",
            "rootcast initramfs list try",
            "rootcast initramfs list /boot/initrd.img --json"
        )
        {
            what,
            json,
        };
        command.SetAction(parsed =>
        {
            IEnumerable<InitramfsEntryData> entries = InitramfsContents
                .List(PathOf(session, parsed.GetRequiredValue(what)), session.Warn)
                .Select(InitramfsEntryData.Of);
            if (parsed.GetValue(json))
            {
                session.WriteJson(
                    JsonSerializer.SerializeToUtf8Bytes(
                        (IReadOnlyList<InitramfsEntryData>)[.. entries],
                        CliJson.Default.IReadOnlyListInitramfsEntryData
                    )
                );
                return ExitCodes.Done;
            }
            foreach (InitramfsEntryData entry in entries)
            {
                session.Output.WriteLine(entry.Line);
            }
            return ExitCodes.Done;
        });
        return command;
    }

    private static DocumentedCommand Extract(Session session)
    {
        Argument<string> what = ImageOrFile();
        Option<string> directory = new("--to")
        {
            Description = "Directory for the files: empty, or not there yet",
            HelpName = "DIR",
            Required = true,
        };
        DocumentedCommand command = new(
            "extract",
            "Unpack it into a directory; nothing is ever written outside of it.",
            "rootcast initramfs extract try --to /tmp/initramfs"
        )
        {
            what,
            directory,
        };
        command.SetAction(
            (parsed, cancellation) =>
            {
                string path = PathOf(session, parsed.GetRequiredValue(what));
                int count = InitramfsContents.Extract(path, parsed.GetRequiredValue(directory), session.Warn, cancellation);
                session.People.WriteLine($"{count} entries unpacked");
                return Task.FromResult(ExitCodes.Done);
            }
        );
        return command;
    }

    private static DocumentedCommand Why(Session session)
    {
        Argument<string> image = ImageOrFile();
        Argument<string> thing = new("FILE|MODULE") { Description = "Path of a file in the initramfs, or name of a kernel module" };
        Option<bool> json = CommonOptions.Json();
        DocumentedCommand command = new(
            "why",
            "Say what pulled a file or a kernel module into the initramfs of an image, or into one that initramfs build made.",
            "rootcast initramfs why try squashfs",
            "rootcast initramfs why try /usr/bin/busybox --json"
        )
        {
            image,
            thing,
            json,
        };
        command.SetAction(parsed =>
        {
            InitramfsReasons reasons = ReasonsOf(session, parsed.GetRequiredValue(image));
            IReadOnlyList<IReadOnlyList<InitramfsReason>> chains = reasons.Why(parsed.GetRequiredValue(thing));
            if (parsed.GetValue(json))
            {
                session.WriteJson(JsonSerializer.SerializeToUtf8Bytes(chains, CliJson.Default.IReadOnlyListIReadOnlyListInitramfsReason));
                return ExitCodes.Done;
            }
            foreach (IReadOnlyList<InitramfsReason> chain in chains)
            {
                for (int depth = 0; depth < chain.Count; depth++)
                {
                    session.Output.WriteLine($"{new string(' ', depth * 2)}{chain[depth].Path}: {chain[depth].Because}");
                }
            }
            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>Of a file that <c>initramfs build</c> made, by the manifest in it; of an image, by the layer beside it.</summary>
    private static InitramfsReasons ReasonsOf(Session session, string what)
    {
        if (File.Exists(what))
        {
            byte[] text =
                InitramfsContents.Read(what, InitramfsPaths.Manifest, InitramfsManifest.LargestText)
                ?? throw new UserError(
                    $"{what} has no {InitramfsPaths.Manifest}, so nothing says why things are in it.",
                    "Make it with rootcast initramfs build.",
                    UserErrorKind.Input
                );
            return InitramfsManifest.Parse(text, InitramfsPaths.Manifest).Reasons;
        }
        ImageStore store = session.OpenStore();
        ImageManifest manifest = store.Get(what).Manifest;
        ImageBlob blob =
            manifest.InitramfsReasons
            ?? throw new UserError(
                $"the image '{manifest.Name}' has no record of why things are in its initramfs",
                "Build it again with this version of rootcast."
            );
        return InitramfsReasons.Parse(File.ReadAllBytes(store.PathOf(blob)));
    }

    private static Argument<string> ImageOrFile() =>
        new("IMAGE|FILE") { Description = "An initrd's file, else the name of an image in the store" };

    internal static string PathOf(Session session, string text)
    {
        if (File.Exists(text))
        {
            return text;
        }
        ImageStore store = session.OpenStore();
        return store.PathOf(store.Get(text).Manifest.Initramfs);
    }
}
