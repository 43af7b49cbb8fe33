using System.Text;
using Rootcast.Contract;
using Rootcast.Init.Devices;
using Rootcast.Init.Failure;
using Rootcast.Linux;
using Rootcast.Linux.Files;
using Rootcast.Linux.Processes;

namespace Rootcast.Init.Stages;

/// <summary>Brings up what the root lies on, by the distribution's own programs: RAID, LUKS, LVM. There is no udev: the programs make their nodes
/// themselves.</summary>
public static class Activation
{
    private const string KeyOption = "key=";
    private const string KeyFileOption = "--key-file";

    /// <summary>What the kernel would have modprobe load for what dm-crypt and cryptsetup ask it; there is no modprobe here.</summary>
    private static readonly string[] Ciphers =
    [
        "aes_generic",
        "aesni_intel",
        "ecb",
        "cbc",
        "xts",
        "essiv",
        "sha256_generic",
        "sha512_generic",
        "algif_skcipher",
        "algif_hash",
    ];

    /// <summary>The same for volumes that are more than a range of a disk. Only when one needs them: that of RAID measures the processor first.</summary>
    private static readonly string[] VolumeTargets = ["dm_snapshot", "dm_thin_pool", "dm_mirror", "dm_cache", "dm_cache_smq", "dm_raid"];

    private static readonly string[] Directories = ["/usr/sbin/", "/usr/bin/"];

    private static readonly string[] Environment =
    [
        "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
        "HOME=/",
        "TERM=linux",
        "LVM_SUPPRESS_FD_WARNINGS=1",
        "DM_DISABLE_UDEV=1",
        "MDADM_NO_UDEV=1",
    ];

    /// <summary>Does what <see cref="BootPlan.Activate"/> asks for.</summary>
    /// <exception cref="UserError">A step is not understood, its program is not packed, or it fails to the end of the timeout.</exception>
    public static void Run(Boot boot)
    {
        if (boot.Plan.Activate is not { Length: > 0 } steps)
        {
            return;
        }
        boot.Journal.Begin("activate");
        ApiFileSystems.MakeDirectory("/run/lock");
        foreach (string step in steps.Split(','))
        {
            string[] parts = step.Split(':');
            switch (parts)
            {
                case ["md"]:
                    Assemble(boot);
                    break;
                case ["luks", var uuid, var name, .. var options]:
                    Open(boot, step, uuid, name, options);
                    break;
                case ["lvm", var volume]:
                    Activate(boot, step, volume);
                    break;
                default:
                    throw new UserError(
                        $"rootcast.activate={step}: there is no such step",
                        "The steps are md, luks:UUID:NAME[:discard][:key=FILE] and lvm:VG/LV, between commas."
                    );
            }
        }
        TellUdev(boot);
    }

    private static void Assemble(Boot boot)
    {
        boot.Modules.TryLoad("md_mod");
        foreach (string level in (string[])["raid0", "raid1", "raid10", "raid456", "linear"])
        {
            boot.Modules.TryLoad(level);
        }
        string program = Find("mdadm", "md");
        if (boot.Devices.WaitFor(boot.Plan.Timeout, new ArrayAssembly(arguments => Call(boot, program, arguments)).TryAll) is null)
        {
            boot.Journal.Problem("an array is not complete; it is started with the disks that are there");
            Require(boot, "md", program, "--assemble", "--scan", "--run");
        }
    }

    private static void Open(Boot boot, string step, string uuid, string name, string[] options)
    {
        List<string> arguments = ["open", "--type", "luks"];
        string? key = null;
        foreach (string option in options)
        {
            if (option == "discard")
            {
                arguments.Add("--allow-discards");
            }
            else if (option.StartsWith(KeyOption, StringComparison.Ordinal))
            {
                key = option[KeyOption.Length..];
            }
            else
            {
                boot.Journal.Problem($"rootcast.activate={step}: '{option}' is neither discard nor {KeyOption}FILE and is passed over");
            }
        }
        boot.Modules.TryLoad("dm_mod");
        boot.Modules.TryLoad("dm_crypt");
        LoadThosePacked(boot, Ciphers);
        string program = Find("cryptsetup", "luks");
        FoundDevice device = DeviceWait.Find(boot, $"UUID={uuid}", "step luks", "rootcast.activate");
        if (key is not null)
        {
            if (Call(boot, program, [.. arguments, KeyFileOption, key, device.Path, name]) == 0)
            {
                return;
            }
            boot.Journal.Problem($"{key} does not open {device.Path}; the passphrase is asked for");
        }
        Require(boot, step, program, [.. arguments, "--tries", "3", device.Path, name]);
    }

    private static void Activate(Boot boot, string step, string volume)
    {
        boot.Modules.TryLoad("dm_mod");
        string program = Find("lvm", step);
        string[] arguments = ["lvchange", "--sysinit", "--yes", "-aay", volume];
        if (Call(boot, program, arguments) == 0)
        {
            return;
        }
        LoadThosePacked(boot, VolumeTargets);
        if (boot.Devices.WaitFor(boot.Plan.Timeout, () => Call(boot, program, arguments) == 0 ? program : null) is null)
        {
            throw Failed(step, program, boot);
        }
    }

    /// <summary>Loads what is packed of these; one that this processor has nothing for is a line in the log.</summary>
    private static void LoadThosePacked(Boot boot, string[] modules)
    {
        foreach (string module in modules)
        {
            try
            {
                boot.Modules.TryLoad(module);
            }
            catch (LinuxException error)
            {
                boot.Journal.Say(error.Message);
            }
        }
    }

    private static void Require(Boot boot, string step, string program, params string[] arguments)
    {
        if (Call(boot, program, arguments) != 0)
        {
            throw Failed(step, program, boot);
        }
    }

    private static int Call(Boot boot, string program, params string[] arguments)
    {
        boot.Journal.Say($"{program} {string.Join(' ', arguments)}");
        int process = Programs.Start(program, [program, .. arguments], Environment, Terminals.Console());
        int code = Programs.WaitFor(process);
        if (code != 0)
        {
            boot.Journal.Say($"{program} ended with {code}");
        }
        return code;
    }

    private static string Find(string program, string step)
    {
        foreach (string directory in Directories)
        {
            if (FileNodes.Exists(directory + program))
            {
                return directory + program;
            }
        }
        throw new UserError(
            $"rootcast.activate={step}: the initramfs has no {program}",
            "Make it on the machine that it is for: rootcast initramfs build --host."
        );
    }

    private static UserError Failed(string step, string program, Boot boot) =>
        new(
            $"rootcast.activate={step}: {program} did not succeed in {boot.Plan.Timeout.TotalSeconds:0} s. {new BlockDeviceSearch(null).Scan()}",
            "Its own words are above. Check that all disks are attached."
        );

    /// <summary>The tree's udev takes a mapped device for usable only when one before it said so in its database (10-dm.rules).</summary>
    private static void TellUdev(Boot boot)
    {
        BlockDeviceSearch search = new(null);
        search.Find(device =>
        {
            string name = device.Path["/dev/".Length..];
            if (name.StartsWith("dm-", StringComparison.Ordinal) && SmallFile.TryReadText($"/sys/class/block/{name}/dev") is { } number)
            {
                ApiFileSystems.MakeDirectory("/run/udev");
                ApiFileSystems.MakeDirectory("/run/udev/data");
                SmallFile.Write($"/run/udev/data/b{number.Trim()}", Encoding.UTF8.GetBytes("E:DM_UDEV_PRIMARY_SOURCE_FLAG=1\n"));
                boot.Journal.Say($"{device.Path} is up{(device.Signature is { } signature ? $" ({signature})" : "")}");
            }
            return false;
        });
    }
}
