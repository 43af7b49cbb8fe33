using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Rootcast.Linux;
using Rootcast.Linux.Files;
using Rootcast.Linux.Mounts;

namespace Rootcast.Init.Zfs;

/// <summary>The number by which a pool remembers which machine had it (hostid(5)). It follows from the machine's own identifier: the tree's
/// /etc/hostid, which Debian's zfsutils-linux makes, all machines of an image have, and it counts where the machine has none.</summary>
public static class HostIdentity
{
    private const string File = "/etc/hostid";
    private const string OfModule = "/sys/module/spl/parameters/spl_hostid";

    /// <summary>Tells it the programs in a daemon's root, and OpenZFS's module.</summary>
    /// <param name="boot">The boot.</param>
    /// <param name="place">The root of the programs.</param>
    public static void Set(Boot boot, string place)
    {
        if (Of(SmallFile.TryReadText("/sys/class/dmi/id/product_uuid") ?? "") is { } number)
        {
            byte[] bytes = new byte[sizeof(uint)];
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, number);
            SmallFile.Write(place + File, bytes);
        }
        else if (!FileNodes.Exists(place + File))
        {
            boot.Journal.Say("this machine has no identifier: a pool that another one had and did not export is not told from its own");
            return;
        }
        byte[] known = SmallFile.ReadBytes(place + File);
        if (known.Length >= sizeof(uint) && FileNodes.Exists(OfModule))
        {
            SmallFile.Write(OfModule, BinaryPrimitives.ReadUInt32LittleEndian(known).ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Tells it the tree, too: zpool(8) there, where no module knows it, says of a pool with another number that it is another machine's.</summary>
    /// <param name="boot">The boot.</param>
    /// <param name="place">The root of the programs.</param>
    /// <param name="root">The tree's.</param>
    public static void Show(Boot boot, string place, string root)
    {
        if (!FileNodes.Exists(place + File))
        {
            return;
        }
        try
        {
            byte[] own = SmallFile.ReadBytes(place + File);
            if (!FileNodes.Exists(root + File))
            {
                SmallFile.Write(root + File, own);
            }
            else if (!SmallFile.ReadBytes(root + File).AsSpan().SequenceEqual(own))
            {
                Mounting.Bind(place + File, root + File);
            }
        }
        catch (LinuxException error)
        {
            boot.Journal.Problem($"the tree has another host id than its pool: {error.Message}");
        }
    }

    /// <summary>The number of a machine (FNV-1a of its identifier); null for one that has none.</summary>
    public static uint? Of(string identifier)
    {
        string text = identifier.Trim();
        if (text.Length == 0 || !text.AsSpan().ContainsAnyExcept("0-Ff"))
        {
            return null;
        }
        uint hash = 2166136261;
        foreach (byte letter in Encoding.UTF8.GetBytes(text.ToLowerInvariant()))
        {
            hash = (hash ^ letter) * 16777619;
        }
        return hash == 0 ? 1 : hash;
    }
}
