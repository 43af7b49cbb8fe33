using System.Globalization;
using System.Runtime.InteropServices;
using Rootcast.Contract;
using Rootcast.Formats.Elf;
using Rootcast.Init.Journal;
using Rootcast.Linux.Files;
using Rootcast.Linux.Processes;

namespace Rootcast.Init.Handover;

/// <summary>When a lab listens: <see cref="ReadyScript"/>'s unit and script under /run, and where the lab measures a program that looks at memory until then.
/// The tree itself is not touched, and without the lab's port nothing of this is there.</summary>
public static class ReadyReport
{
    /// <summary>Writes unit and script, when the lab's port is there.</summary>
    public static void Place(BootJournal journal, BootPlan plan)
    {
        if (journal.PortPath is not { } port)
        {
            return;
        }
        SmallFile.Write(ReadyScript.Path, ReadyScript.Text(port, plan.WriteTestBytes), 0x1ED);
        RunUnit.Place(ReadyScript.UnitName, ReadyScript.UnitText);
        journal.Say($"{ReadyScript.UnitName} reports to {port}");
        if (EventPort.Exists(GuestEvent.WorkPort) && RuntimeInformation.ProcessArchitecture == Architecture.X64)
        {
            StartSampling();
        }
    }

    private static void StartSampling()
    {
        // Its name begins with an @: nothing that ends the processes of an initramfs or of a system ends it.
        const string program = InitramfsPaths.RunDirectory + "/@sampler";
        SmallFile.Write(program, SamplingProgram.OfMemory(), 0x1ED);
        int process = Programs.Start(program, ["@sampler"], "/proc/meminfo", ReadyScript.Samples);
        SmallFile.Write(ReadyScript.Sampler, process.ToString(CultureInfo.InvariantCulture) + "\n");
    }
}
