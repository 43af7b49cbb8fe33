using System.Text;
using Rootcast.Contract;

namespace Rootcast.Images.Initramfs;

/// <summary>What is mounted at a place, by proc_pid_mountinfo(5).</summary>
/// <param name="Number">The device as <c>MAJOR:MINOR</c>; 0:N where the file system has no single device.</param>
/// <param name="Inside">Which directory of the file system it is: <c>/</c>, or a subvolume's path.</param>
/// <param name="Type">The file system.</param>
/// <param name="Source">The device as it was mounted.</param>
internal sealed record MountedRoot(string Number, string Inside, string Type, string Source)
{
    /// <summary>What is mounted at a place; null when nothing is. The last that was mounted there counts.</summary>
    public static MountedRoot? At(string place, string mountInfo)
    {
        const int least = 10;
        MountedRoot? found = null;
        foreach (string line in mountInfo.Split('\n'))
        {
            string[] fields = line.Split(' ');
            int dash = Array.IndexOf(fields, "-");
            if (fields.Length >= least && dash > 0 && dash + 2 < fields.Length && Unescape(fields[4]) == place)
            {
                found = new MountedRoot(fields[2], Unescape(fields[3]), fields[dash + 1], Unescape(fields[dash + 2]));
            }
        }
        return found;
    }

    /// <summary>Refuses file systems that <c>/init</c> does not mount.</summary>
    public void Require()
    {
        string? reason = Type switch
        {
            "ext2" or "ext3" or "ext4" or "xfs" or "btrfs" => null,
            "overlay" or "tmpfs" or "rootfs" => $"is {Type}: the system runs from memory or in a container",
            "nfs" or "nfs4" or "cifs" or "9p" or "virtiofs" => $"is {Type}, which comes from another machine",
            _ => $"is {Type}, which /init does not mount",
        };
        if (reason is not null)
        {
            throw Refuse(reason);
        }
    }

    /// <summary>The error for a root that is not supported.</summary>
    public static UserError Refuse(string reason) =>
        new(
            $"The root of this machine {reason}: an initramfs made here could not mount it.",
            "Keep the initramfs that it has. With --generic one is made that takes its root from the kernel's command line.",
            UserErrorKind.Input
        );

    /// <summary>mountinfo writes blanks as <c>\040</c>.</summary>
    private static string Unescape(string text)
    {
        const int digits = 3;
        StringBuilder plain = new(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + digits < text.Length && text.AsSpan(i + 1, digits).IndexOfAnyExceptInRange('0', '7') < 0)
            {
                plain.Append((char)Convert.ToInt32(text.Substring(i + 1, digits), 8));
                i += digits;
                continue;
            }
            plain.Append(text[i]);
        }
        return plain.ToString();
    }
}
