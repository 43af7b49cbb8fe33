using System.Text;

namespace Rootcast.Linux.Mounts;

/// <summary>Mount options as /etc/fstab and rootflags= have them, split into what mount(2) takes as flags and what the file system reads itself.</summary>
/// <param name="Flags">The flags.</param>
/// <param name="Data">The rest, between commas; null when there is none.</param>
public readonly record struct MountOptions(MountFlags Flags, string? Data)
{
    /// <summary>Splits. Of two that contradict each other the later counts. What is only for fstab's readers (<c>defaults</c>, <c>auto</c>, <c>x-…</c>) is
    /// left out.</summary>
    public static MountOptions Parse(string? text)
    {
        MountFlags flags = MountFlags.None;
        StringBuilder data = new();
        foreach (string option in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            (MountFlags set, MountFlags clear, bool known) = option switch
            {
                "ro" => (MountFlags.ReadOnly, MountFlags.None, true),
                "rw" => (MountFlags.None, MountFlags.ReadOnly, true),
                "noatime" => (MountFlags.NoAccessTime, MountFlags.None, true),
                "relatime" => (MountFlags.RelativeAccessTime, MountFlags.None, true),
                "strictatime" => (MountFlags.StrictAccessTime, MountFlags.None, true),
                "nosuid" => (MountFlags.NoSuid, MountFlags.None, true),
                "suid" => (MountFlags.None, MountFlags.NoSuid, true),
                "nodev" => (MountFlags.NoDevices, MountFlags.None, true),
                "dev" => (MountFlags.None, MountFlags.NoDevices, true),
                "noexec" => (MountFlags.NoExecute, MountFlags.None, true),
                "exec" => (MountFlags.None, MountFlags.NoExecute, true),
                "defaults" or "auto" or "noauto" or "user" or "nouser" or "users" or "nofail" or "_netdev" => (
                    MountFlags.None,
                    MountFlags.None,
                    true
                ),
                _ => (MountFlags.None, MountFlags.None, option.StartsWith("x-", StringComparison.Ordinal)),
            };
            flags = (flags | set) & ~clear;
            if (!known)
            {
                data.Append(data.Length == 0 ? "" : ",").Append(option);
            }
        }
        return new MountOptions(flags, data.Length == 0 ? null : data.ToString());
    }
}
