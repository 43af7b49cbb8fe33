using System.Text;
using Microsoft.Win32.SafeHandles;
using Rootcast.Contract;
using Rootcast.Images.Tools;
using Rootcast.Linux;
using Rootcast.Linux.Block;
using Rootcast.Linux.Files;

namespace Rootcast.Images.Initramfs;

/// <summary>Finds out what this machine needs to reach its root.</summary>
public static class HostReading
{
    private static readonly string[] ProgramDirectories = ["/usr/sbin/", "/sbin/", "/usr/bin/"];

    /// <summary>Reads /sys and /proc.</summary>
    /// <param name="prefix">What stands before <c>/sys</c>, <c>/proc</c> and <c>/dev</c>, for tests; empty for this machine's own.</param>
    /// <param name="withKeys">Whether key files of LUKS, which /etc/crypttab names, are packed.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="UserError">The root is on something that /init can't bring up; or a program that must is missing.</exception>
    public static async Task<HostNeeds> ReadAsync(string prefix = "", bool withKeys = false, CancellationToken cancellation = default)
    {
        SysTree sys = new(prefix);
        string mounts = sys.Text("/proc/self/mountinfo") ?? "";
        MountedRoot root = MountedRoot.At("/", mounts) ?? throw MountedRoot.Refuse("is not in /proc/self/mountinfo");
        root.Require();
        if (MountedRoot.At("/usr", mounts) is { } separate && separate.Number != root.Number)
        {
            throw MountedRoot.Refuse("has /usr on another file system, which nobody would mount in time");
        }
        string device = DeviceOf(root, sys);
        RequireSingle(root, sys, device);
        RootStack stack = RootStack.Of(sys, device);
        string path = $"{prefix}/dev/{device}";
        FileSystemSignature? signature = SignatureOf(path);
        // What lies on LVM or LUKS has the name that its layer gave it; a snapshot's file system has the same UUID.
        string name =
            stack.Layers is [.., var top] && top.Program != "mdadm" ? $"/dev/mapper/{MapperName(sys, device)}" : NameOf(signature, root);
        List<KernelArgument> arguments = [new("root", name), new("rootfstype", root.Type)];
        if (root.Type == "btrfs" && root.Inside != "/")
        {
            arguments.Add(new KernelArgument("rootflags", $"subvol={root.Inside}"));
        }
        LuksKeys keys = LuksKeys.Of(stack.Layers, sys, withKeys);
        if (stack.Layers.Count > 0)
        {
            IEnumerable<string> steps = stack.Layers.Select(keys.StepOf).Distinct(StringComparer.Ordinal);
            arguments.Add(new KernelArgument("rootcast.activate", string.Join(',', steps)));
        }
        List<(string Name, string Because)> modules = [(root.Type is "ext2" or "ext3" ? "ext4" : root.Type, "the file system of the root")];
        modules.AddRange(stack.Modules);
        return new HostNeeds
        {
            RootArguments = new KernelArguments(arguments).ToString(),
            Description = $"{root.Type} on {(stack.Layers.Count == 0 ? device : string.Join(" on ", Enumerable.Reverse(stack.Layers)))}",
            Modules = modules,
            Modaliases = HostDevices.Modaliases(sys),
            Programs = [.. stack.Layers.SelectMany(layer => ProgramsOf(layer, prefix)).DistinctBy(program => program.Path)],
            Copies =
            [
                .. stack
                    .Layers.Where(layer => layer.Program != "mdadm")
                    .SelectMany(layer =>
                        layer.Configuration.Select(file => new InitramfsReason(file, $"configuration of {layer.Program}", null))
                    )
                    .DistinctBy(copy => copy.Path),
                .. keys.Files,
            ],
            Notes = keys.Notes,
            Texts = await ArraysAsync(stack, cancellation),
        };
    }

    /// <summary>The kernel's name of the root's device.</summary>
    private static string DeviceOf(MountedRoot root, SysTree sys)
    {
        string? real = root.Number.StartsWith("0:", StringComparison.Ordinal)
            ? sys.Real(root.Source)
            : sys.Real($"/sys/dev/block/{root.Number}");
        return real is null ? throw MountedRoot.Refuse($"is on {root.Source}, which is no block device here") : Path.GetFileName(real);
    }

    private static void RequireSingle(MountedRoot root, SysTree sys, string device)
    {
        const string all = "/sys/fs/btrfs";
        foreach (string one in root.Type == "btrfs" ? sys.Names(all) : [])
        {
            IReadOnlyList<string> devices = sys.Names($"{all}/{one}/devices");
            if (devices.Contains(device) && devices.Count > 1)
            {
                throw MountedRoot.Refuse(
                    $"is a Btrfs of {devices.Count} devices ({string.Join(", ", devices)}), which /init does not put together"
                );
            }
        }
    }

    private static string NameOf(FileSystemSignature? signature, MountedRoot root) =>
        signature?.Uuid is { } uuid ? $"UUID={uuid}" : root.Source;

    private static string MapperName(SysTree sys, string device) => sys.Text($"{sys.Real($"/sys/class/block/{device}")}/dm/name") ?? device;

    private static FileSystemSignature? SignatureOf(string path)
    {
        using SafeFileHandle file = FileNodes.TryOpen(null, Encoding.UTF8.GetBytes(path), OpenFlags.ReadOnly, 0, out int errno);
        if (errno is Errno.AccessDenied or Errno.NotPermitted)
        {
            throw new UserError($"{path} cannot be read: {Errno.Describe(errno)}", "Run this as root.", UserErrorKind.Input);
        }
        if (errno != 0)
        {
            return null;
        }
        byte[] first = new byte[FileSystemSignature.BytesNeeded];
        return FileSystemSignature.Read(first.AsSpan(0, FileData.ReadAt(file, first, 0, path)));
    }

    private static IEnumerable<InitramfsReason> ProgramsOf(StackLayer layer, string prefix)
    {
        string path = Find(layer.Program) ?? throw Tool.Missing(layer.Program);
        yield return new InitramfsReason(path, $"the root is on {layer}", null);
        foreach (string companion in layer.Companions.Select(Find).OfType<string>())
        {
            yield return new InitramfsReason(companion, $"{layer.Program} checks pools by it", path);
        }

        string? Find(string program) =>
            ProgramDirectories.Select(directory => directory + program).FirstOrDefault(path => File.Exists(prefix + path));
    }

    /// <summary>The arrays of the root as mdadm describes them, so that nothing else is assembled.</summary>
    private static async Task<IReadOnlyList<(InitramfsReason Reason, string Text)>> ArraysAsync(
        RootStack stack,
        CancellationToken cancellation
    )
    {
        string text = "";
        foreach (StackLayer layer in stack.Layers.Where(layer => layer.Program == "mdadm"))
        {
            text += (await new Tool("mdadm", "--detail", "--brief", $"/dev/{layer.Name}").RunAsync(cancellation)).Output;
        }
        return text.Length == 0
            ? []
            : [(new InitramfsReason("/etc/mdadm/mdadm.conf", "arrays of the root, as mdadm describes them", null), text)];
    }
}
