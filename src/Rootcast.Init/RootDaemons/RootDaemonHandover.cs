using System.Globalization;
using Rootcast.Contract;
using Rootcast.Init.Handover;
using Rootcast.Init.Stages;
using Rootcast.Linux;
using Rootcast.Linux.Files;
using Rootcast.Linux.Processes;

namespace Rootcast.Init.RootDaemons;

/// <summary>What the root daemons need so that the tree's system leaves them alone, from its start to its end.</summary>
public static class RootDaemonHandover
{
    /// <summary>sysvinit's sendsigs spares the processes whose numbers are in files of this directory.</summary>
    private const string Omitted = "/run/sendsigs.omit.d";

    /// <summary>Prepares it; called just before the tree takes over.</summary>
    /// <param name="boot">The boot.</param>
    /// <param name="root">Where the tree is mounted.</param>
    /// <param name="systemd">Whether systemd takes over.</param>
    public static void Prepare(Boot boot, string root, bool systemd)
    {
        if (boot.Daemons.Count > 0)
        {
            SysvinitScripts.Place(boot, root, systemd);
        }
        foreach (RunningDaemon daemon in boot.Daemons.Where(daemon => daemon.Watcher is not null))
        {
            if (daemon.Process() is not { } process)
            {
                throw new UserError(
                    $"root daemon {daemon.Description.Name} has ended: {string.Join("; ", daemon.LastLines(2))}",
                    "Look at its own words; its program and arguments are in the recipe (docs/root-daemons.md)."
                );
            }
            if (systemd)
            {
                // The package may have a unit for it, which would start a second one.
                RunUnit.Mask($"{daemon.Description.Name}.service");
            }
            ApiFileSystems.MakeDirectory(Omitted);
            SmallFile.Write(
                $"{Omitted}/rootcast-{daemon.Description.Name}",
                string.Create(CultureInfo.InvariantCulture, $"{daemon.Watcher}\n{process}\n")
            );
            try
            {
                int armed = FuseWaking.Arm(process);
                boot.Journal.Say($"root daemon {daemon.Description.Name} is process {process}; requests of {armed} file systems wake it");
            }
            catch (LinuxException error)
            {
                boot.Journal.Problem($"{error.Message}: if root daemon {daemon.Description.Name} is stopped, its requests do not wake it");
            }
            SmallFile.Write(daemon.Place + PrivateRoot.HandedOver, "");
        }
    }
}
