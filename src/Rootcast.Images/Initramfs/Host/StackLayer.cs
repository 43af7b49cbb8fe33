using Rootcast.Contract;

namespace Rootcast.Images.Initramfs;

/// <summary>A layer between a file system and its disks, which a program of the distribution brings up.</summary>
/// <param name="Step">As <see cref="BootPlan.Activate"/> has it: <c>md</c>, <c>luks:UUID:NAME</c>, <c>lvm:VG/LV</c>.</param>
/// <param name="Program">The program.</param>
/// <param name="Name">Which device it is, for people.</param>
internal sealed record StackLayer(string Step, string Program, string Name)
{
    private const string Lvm = "LVM-";
    private const string Luks = "CRYPT-LUKS";

    /// <summary>Kernel modules that it needs.</summary>
    public IReadOnlyList<string> Modules { get; init; } = [];

    /// <summary>Configuration of the program.</summary>
    public IReadOnlyList<string> Configuration { get; init; } = [];

    /// <summary>Programs that <see cref="Program"/> calls where the machine has them.</summary>
    public IReadOnlyList<string> Companions { get; init; } = [];

    /// <summary>The volume group's own UUID in a device mapper's UUID, <c>LVM-GROUPVOLUME-part</c> with 32 characters each; null where it is no volume's.</summary>
    public static string? VolumeGroupOf(string? uuid)
    {
        const int digits = 32;
        return uuid?.StartsWith(Lvm, StringComparison.Ordinal) == true && uuid.Length >= Lvm.Length + digits
            ? uuid[Lvm.Length..(Lvm.Length + digits)]
            : null;
    }

    /// <summary>A layer of the device mapper by its UUID.</summary>
    /// <exception cref="UserError">It is none that is supported.</exception>
    public static StackLayer OfDeviceMapper(string uuid, string name)
    {
        if (uuid.StartsWith(Lvm, StringComparison.Ordinal))
        {
            return new StackLayer($"lvm:{VolumeOf(name)}", "lvm", name)
            {
                Modules = ["dm_mod", "dm_mirror", "dm_snapshot", "dm_raid", "dm_thin_pool", "dm_cache", "dm_cache_smq"],
                Companions = ["thin_check", "cache_check"],
                Configuration = ["/etc/lvm/lvm.conf", "/etc/lvm/lvmlocal.conf", "/etc/lvm/devices/system.devices"],
            };
        }
        if (uuid.StartsWith(Luks, StringComparison.Ordinal) && uuid.Split('-') is [_, _, { Length: 32 } digits, ..])
        {
            return new StackLayer($"luks:{new Guid(Convert.FromHexString(digits), bigEndian: true)}:{name}", "cryptsetup", name)
            {
                Modules =
                [
                    "dm_mod",
                    "dm_crypt",
                    "xts",
                    "cbc",
                    "ecb",
                    "essiv",
                    "aes_generic",
                    "aesni_intel",
                    "sha256_generic",
                    "sha512_generic",
                    "algif_skcipher",
                    "algif_hash",
                ],
            };
        }
        throw MountedRoot.Refuse($"is on {name}, a device mapper's {uuid.Split('-')[0]}, of which only LVM and LUKS are supported");
    }

    /// <summary>An array of md(4).</summary>
    /// <param name="name">The kernel's name.</param>
    /// <param name="level">As md says it: <c>raid1</c>.</param>
    /// <param name="metadata">Where its description is: <c>1.2</c>, or <c>external:…</c>.</param>
    /// <exception cref="UserError">Its description is the firmware's, which a program that keeps running has to write.</exception>
    public static StackLayer OfRaid(string name, string level, string? metadata)
    {
        if (metadata?.StartsWith("external:", StringComparison.Ordinal) == true)
        {
            throw MountedRoot.Refuse($"is on {name}, a RAID of the firmware (IMSM, DDF), which takes mdmon while it is written to");
        }
        return new StackLayer("md", "mdadm", name)
        {
            Modules =
            [
                "md_mod",
                level switch
                {
                    "raid4" or "raid5" or "raid6" => "raid456",
                    _ => level,
                },
            ],
            Configuration = ["/etc/mdadm/mdadm.conf"],
        };
    }

    /// <inheritdoc/>
    public bool Equals(StackLayer? other) => other is not null && Step == other.Step && Name == other.Name;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Step, Name);

    /// <inheritdoc/>
    public override string ToString() =>
        Program switch
        {
            "lvm" => $"LVM ({Name})",
            "mdadm" => $"RAID ({Name})",
            _ => $"LUKS ({Name})",
        };

    /// <summary>The device mapper calls a volume <c>VG-LV</c>, and writes a dash in either as two.</summary>
    private static string VolumeOf(string name)
    {
        for (int i = 1; i + 1 < name.Length; i++)
        {
            if (name[i] != '-')
            {
                continue;
            }
            if (name[i + 1] == '-')
            {
                i++;
                continue;
            }
            return $"{Undash(name[..i])}/{Undash(name[(i + 1)..])}";
        }
        throw MountedRoot.Refuse($"is on {name}, whose volume group cannot be told");

        static string Undash(string part) => part.Replace("--", "-", StringComparison.Ordinal);
    }
}
