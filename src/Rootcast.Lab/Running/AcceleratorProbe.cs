using Rootcast.Lab.Machines;

namespace Rootcast.Lab.Running;

/// <summary>
/// Chooses the accelerator. On the KVM of small cloud machines /dev/kvm is there and opens, and yet an ordinary kernel does not run; so a kernel is
/// booted: without a root it must end in its own panic. The answer holds until the host boots again and is remembered in a file.
/// </summary>
/// <param name="qemu">The QEMU that will run the machines.</param>
/// <param name="memory">File that remembers the answer.</param>
public sealed class AcceleratorProbe(QemuProgram qemu, string memory)
{
    private const string Device = "/dev/kvm";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The accelerator for machines with that kernel.</summary>
    public async Task<AcceleratorChoice> ChooseAsync(string kernel, CancellationToken cancellation)
    {
        if (Unusable() is { } obstacle)
        {
            return new AcceleratorChoice(Accelerator.Tcg, obstacle);
        }
        string asked = $"{(await File.ReadAllTextAsync("/proc/sys/kernel/random/boot_id", cancellation)).Trim()} {qemu.Version}";
        if (Remembered(asked) is { } known)
        {
            return known;
        }
        AcceleratorChoice choice = await BootsAsync(kernel, cancellation)
            ? new AcceleratorChoice(Accelerator.Kvm, "a kernel boots under KVM")
            : new AcceleratorChoice(Accelerator.Tcg, "KVM is here, but a kernel does not boot under it");
        Directory.CreateDirectory(Path.GetDirectoryName(memory)!);
        await File.WriteAllLinesAsync(memory, [asked, choice.Accelerator.ToString(), choice.Reason], cancellation);
        return choice;
    }

    private static string? Unusable()
    {
        if (!File.Exists(Device))
        {
            return $"there is no {Device}";
        }
        try
        {
            using FileStream opened = new(Device, FileMode.Open, FileAccess.ReadWrite);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"{Device} can't be opened (is this user in the group kvm?)";
        }
    }

    private AcceleratorChoice? Remembered(string asked)
    {
        if (!File.Exists(memory))
        {
            return null;
        }
        string[] lines = File.ReadAllLines(memory);
        return lines.Length == 3 && lines[0] == asked && Enum.TryParse(lines[1], out Accelerator accelerator)
            ? new AcceleratorChoice(accelerator, lines[2])
            : null;
    }

    private async Task<bool> BootsAsync(string kernel, CancellationToken cancellation)
    {
        using LabDirectory directory = new();
        Machine machine = new()
        {
            Kernel = kernel,
            CommandLine = "panic=-1",
            MemoryBytes = 256L << 20,
            Cpus = 1,
            Accelerator = Accelerator.Kvm,
        };
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        await using RunningMachine running = RunningMachine.Start(qemu, machine, directory.MachineFiles());
        try
        {
            await foreach (MachineEvent happened in running.Events.ReadAllAsync(patience.Token))
            {
                if (happened.Kind == MachineEventKind.Reset)
                {
                    // A triple fault restarts the machine too; only a kernel that ran says why it panics.
                    string console = await File.ReadAllTextAsync(running.ConsoleLog, cancellation);
                    return console.Contains("Kernel panic - not syncing: VFS", StringComparison.Ordinal);
                }
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // It hangs.
        }
        return false;
    }
}
