using Rootcast.Contract;
using Rootcast.Init.Carriers;
using Rootcast.Init.Devices;
using Rootcast.Init.Forms;
using Rootcast.Init.Handover;
using Rootcast.Init.Journal;
using Rootcast.Linux.Files;
using Rootcast.Linux.Processes;

namespace Rootcast.Init.Stages;

/// <summary>Loads the modules that the plan is sure to need, and those of the devices that are there.</summary>
public static class DeviceStart
{
    /// <summary>Starts listening for devices and loads modules.</summary>
    public static Boot Run(BootPlan plan, BootJournal journal, IForm form)
    {
        if (InitramfsFiles.DeleteOtherKernels(Machine.KernelVersion) is > 0 and long bytes)
        {
            journal.Say($"other kernels' modules gave back {bytes >> 10} KiB");
        }
        plan = CarrierSearch.Narrow(plan, journal.Say);
        ModuleLoader modules = ModuleLoader.Open(journal);
        DeviceWatch devices = DeviceWatch.Open(modules, journal, modalias => WantedDevices.Needs(plan, modalias));
        List<string> needed = [];
        foreach (ReadOnlySpan<char> line in (SmallFile.TryReadText(InitramfsPaths.ModulesToLoad) ?? "").AsSpan().EnumerateLines())
        {
            ReadOnlySpan<char> name = line.Trim();
            if (!name.IsEmpty && name[0] != '#')
            {
                needed.Add(name.ToString());
            }
        }
        journal.Say("devices");
        SideBySide.Run(needed, name => modules.Require(name, InitramfsPaths.ModulesToLoad));
        Boot boot = new(plan, journal, modules, devices);
        SideBySide.Run<Action>([devices.Coldplug, () => form.Prepare(boot)], work => work());
        journal.Mark(Marks.Modules);
        journal.TryAttachPort();
        return boot;
    }
}
