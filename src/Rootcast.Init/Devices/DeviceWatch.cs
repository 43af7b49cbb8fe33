using System.Text;
using Microsoft.Win32.SafeHandles;
using Rootcast.Init.Journal;
using Rootcast.Linux.Events;
using Rootcast.Linux.Files;

namespace Rootcast.Init.Devices;

/// <summary>Devices: those that are there when init starts (found in /sys) and those that come (told by uevents). For each that the boot
/// needs, the modules that serve it are loaded.</summary>
public sealed class DeviceWatch : IDisposable
{
    private const string Buses = "/sys/bus";
    private readonly ModuleLoader modules;
    private readonly BootJournal journal;
    private readonly UeventSocket uevents;
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);
    private Func<string, bool> wanted;

    private DeviceWatch(ModuleLoader modules, BootJournal journal, UeventSocket uevents, Func<string, bool> wanted)
    {
        this.modules = modules;
        this.journal = journal;
        this.uevents = uevents;
        this.wanted = wanted;
    }

    /// <summary>Listens from now on.</summary>
    /// <param name="modules">What loads modules.</param>
    /// <param name="journal">Where it is told.</param>
    /// <param name="wanted">Which modaliases the boot needs; the others are left to the tree's own udev.</param>
    public static DeviceWatch Open(ModuleLoader modules, BootJournal journal, Func<string, bool> wanted) =>
        new(modules, journal, UeventSocket.Open(), wanted);

    /// <summary>To wait on, together with other things, with <see cref="Poll"/>; then call <see cref="Settle"/>.</summary>
    public SafeFileHandle Events => uevents.Handle;

    /// <summary>Loads the modules for the devices that are there, and for those that appear through that.</summary>
    public void Coldplug()
    {
        List<string> aliases = [];
        Walk(aliases);
        journal.Say($"{aliases.Count} kinds of devices need modules");
        LoadFor(aliases);
        Settle();
    }

    /// <summary>From now on every device matters: for a shell, whose user may need a keyboard.</summary>
    public void WantEverything() => Want(_ => true);

    /// <summary>From now on these devices matter too; those that are there already get their modules at once.</summary>
    public void Want(Func<string, bool> more)
    {
        Func<string, bool> before = wanted;
        wanted = modalias => before(modalias) || more(modalias);
        Coldplug();
    }

    /// <summary>Waits until a probe finds what it looks for. It is asked at once, and again whenever the kernel has told of a device and the
    /// modules for it are loaded.</summary>
    /// <returns>What it found; null when the time is over.</returns>
    public T? WaitFor<T>(TimeSpan timeout, Func<T?> probe)
        where T : class
    {
        TimeSpan end = BootClock.Now + timeout;
        while (true)
        {
            Settle();
            if (probe() is { } found)
            {
                return found;
            }
            TimeSpan left = end - BootClock.Now;
            if (left <= TimeSpan.Zero)
            {
                return null;
            }
            Poll.Readable(left, uevents.Handle);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => uevents.Dispose();

    /// <summary>Takes the uevents that have come, until there are none, and loads the modules for them.</summary>
    public void Settle()
    {
        List<string> aliases = [];
        do
        {
            aliases.Clear();
            while (uevents.Receive() is { } uevent)
            {
                if (uevent.Action == "add" && uevent["MODALIAS"] is { } modalias)
                {
                    Collect(modalias, aliases);
                }
                if (uevent["SUBSYSTEM"] == "virtio-ports")
                {
                    journal.TryAttachPort();
                }
            }
            LoadFor(aliases);
        } while (aliases.Count > 0);
    }

    private void LoadFor(List<string> aliases)
    {
        if (aliases.Count > 0)
        {
            SideBySide.Run(aliases, modules.LoadFor);
        }
    }

    private void Collect(string modalias, List<string> aliases)
    {
        if (modalias.Length > 0 && wanted(modalias) && seen.Add(modalias) && modules.Serves(modalias))
        {
            aliases.Add(modalias);
        }
    }

    /// <summary>Every bus lists its devices in one directory; walking the whole of /sys/devices finds the same at three times the calls.</summary>
    private void Walk(List<string> aliases)
    {
        foreach (string bus in Names(Buses))
        {
            string devices = $"{Buses}/{bus}/devices";
            foreach (string device in Names(devices))
            {
                Collect(SmallFile.TryReadText($"{devices}/{device}/modalias") ?? "", aliases);
            }
        }
    }

    private static List<string> Names(string path)
    {
        List<string> names = [];
        using SafeFileHandle directory = FileNodes.TryOpen(
            null,
            Encoding.UTF8.GetBytes(path),
            OpenFlags.ReadOnly | OpenFlags.Directory,
            0,
            out int errno
        );
        if (errno == 0)
        {
            foreach (DirectoryItem item in DirectoryListing.Read(directory, path))
            {
                names.Add(Encoding.UTF8.GetString(item.Name));
            }
        }
        return names;
    }
}
