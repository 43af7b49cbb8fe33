using System.CommandLine;
using Rootcast.Contract;
using Rootcast.Images.Initramfs;
using Rootcast.Images.Recipes;

namespace Rootcast.Cli.Commands;

/// <summary><c>rootcast initramfs hook install|remove|status</c>.</summary>
internal static class InitramfsHookCommand
{
    public static Command Create(Session session) =>
        new Command("hook", "Have the system make an initramfs for each kernel that it installs. Off until asked for.")
        {
            Install(session),
            Remove(session),
            Status(session),
        };

    private static Option<string> Root() =>
        new("--root")
        {
            Description = "Root of the system",
            HelpName = "DIR",
            DefaultValueFactory = _ => "/",
        };

    private static DocumentedCommand Install(Session session)
    {
        Option<string> root = Root();
        Option<bool> generic = new("--generic") { Description = "Make them for any machine, not only for this one" };
        Option<string> compress = new("--compress")
        {
            Description = $"How: {string.Join(", ", RecipeInitramfs.Compressors)}",
            HelpName = "HOW",
            DefaultValueFactory = _ => "none",
        };
        Option<bool> keys = new("--luks-keys")
        {
            Description = "Pack the key files by which /etc/crypttab opens the root: for a /boot that is encrypted itself",
        };
        Option<string?> program = new("--program")
        {
            Description = "Where rootcast is on that system (default: this program)",
            HelpName = "PATH",
        };
        DocumentedCommand command = new(
            "install",
            "Write the scripts: /etc/kernel/postinst.d and postrm.d (Debian), /etc/kernel/install.d (kernel-install).",
            "rootcast initramfs hook install",
            "rootcast initramfs hook install --generic --compress zstd"
        )
        {
            root,
            generic,
            compress,
            keys,
            program,
        };
        command.SetAction(async parsed =>
        {
            KernelHooks hooks = new(parsed.GetRequiredValue(root));
            _ = RecipeInitramfs.CompressionOf(parsed.GetRequiredValue(compress));
            if (parsed.GetValue(generic) && parsed.GetValue(keys))
            {
                throw new UserError("--luks-keys does not go with --generic.", "Leave one out.", UserErrorKind.Input);
            }
            if (!parsed.GetValue(generic) && parsed.GetRequiredValue(root) == "/")
            {
                // A root that is not supported is told now, and not when a kernel is half installed.
                foreach (string note in (await HostReading.ReadAsync(withKeys: parsed.GetValue(keys))).Notes)
                {
                    session.Warn(note);
                }
            }
            string path =
                parsed.GetValue(program)
                ?? Environment.ProcessPath
                ?? throw new UserError("This program does not know where it is.", "Say it with --program.", UserErrorKind.Input);
            if (!Path.IsPathRooted(path))
            {
                throw new UserError($"{path} is no absolute path.", "Name where rootcast is on that system.", UserErrorKind.Input);
            }
            string[] kind =
                parsed.GetValue(generic) ? ["--generic"]
                : parsed.GetValue(keys) ? ["--host", "--luks-keys"]
                : ["--host"];
            hooks.Install(path, [.. kind, "--compress", parsed.GetRequiredValue(compress)]);
            foreach (string other in hooks.Others)
            {
                session.Warn(
                    $"{other} is installed as well, and writes over the initramfs when it is updated: take it out, or switch it off"
                );
            }
            return Tell(session, hooks);
        });
        return command;
    }

    private static DocumentedCommand Remove(Session session)
    {
        Option<string> root = Root();
        DocumentedCommand command = new(
            "remove",
            "Delete the scripts; an initramfs that they made stays.",
            "rootcast initramfs hook remove"
        )
        {
            root,
        };
        command.SetAction(parsed =>
        {
            foreach (string path in new KernelHooks(parsed.GetRequiredValue(root)).Remove())
            {
                session.People.Profile.Out.Writer.WriteLine($"{path} is gone");
            }
            return ExitCodes.Done;
        });
        return command;
    }

    private static DocumentedCommand Status(Session session)
    {
        Option<string> root = Root();
        DocumentedCommand command = new(
            "status",
            "Say which scripts are there. Ends with 1 when none is.",
            "rootcast initramfs hook status"
        )
        {
            root,
        };
        command.SetAction(parsed => Tell(session, new KernelHooks(parsed.GetRequiredValue(root))));
        return command;
    }

    private static int Tell(Session session, KernelHooks hooks)
    {
        foreach (string path in hooks.Installed)
        {
            session.Output.WriteLine(path);
        }
        return hooks.Installed.Count > 0 ? ExitCodes.Done : ExitCodes.Failed;
    }
}
