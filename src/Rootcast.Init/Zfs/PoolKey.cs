using System.Text;
using Rootcast.Contract;
using Rootcast.Init.Carriers;
using Rootcast.Init.Failure;
using Rootcast.Init.Network;
using Rootcast.Init.RootDaemons;
using Rootcast.Linux.Files;
using Rootcast.Protocols.Http;

namespace Rootcast.Init.Zfs;

/// <summary>Loads the key of an encrypted file system: out of a file, from a server, or from who sits at the console.</summary>
/// <param name="boot">The boot.</param>
/// <param name="programs">In whose root zfs(8) is.</param>
public sealed class PoolKey(Boot boot, RunningDaemon programs)
{
    /// <summary>zfs-load-key(8): keys are 32 bytes, 64 digits, or a passphrase of up to 512.</summary>
    private const int LongestKey = 4096;

    private const string File = "file://";

    /// <summary>In the root of the programs, while it is loaded.</summary>
    private const string Copy = "/tmp/key";

    private readonly DaemonCommand command = new(programs, PoolRoot.Longest);

    /// <summary>Loads it, where one is missing.</summary>
    /// <param name="root">The file system, or a snapshot of it.</param>
    /// <exception cref="UserError">It is not to be had, or it does not fit.</exception>
    public void Load(string root)
    {
        string dataset = root.Split('@')[0];
        string encrypted = Property(dataset, "encryptionroot");
        if (encrypted is "-" or "" || Property(encrypted, "keystatus") != "unavailable")
        {
            return;
        }
        string location = boot.Plan.ZfsKey ?? Property(encrypted, "keylocation");
        boot.Journal.Say($"{encrypted} is encrypted; its key: {location}");
        byte[]? key =
            location.StartsWith(File, StringComparison.Ordinal) ? OfFile(location[File.Length..])
            : location.StartsWith("http", StringComparison.Ordinal) ? OfServer(location)
            : null;
        if (key is null)
        {
            Ask(encrypted);
            return;
        }
        SmallFile.Write(programs.Place + Copy, key, 0x180);
        (int code, string said) = command.Run(PoolRoot.FileSystems, "load-key", "-L", File + Copy, encrypted);
        FileNodes.Remove(null, Encoding.UTF8.GetBytes(programs.Place + Copy));
        if (code != 0)
        {
            throw new UserError(
                $"the key of {encrypted} out of {location} does not open it: {said}",
                "Check rootcast.zfs.key=; without it the key is asked for on the console."
            );
        }
    }

    private byte[]? OfFile(string path)
    {
        if (FileNodes.Exists(path))
        {
            byte[] key = SmallFile.ReadBytes(path);
            return key.Length <= LongestKey ? key : throw TooLong(path);
        }
        if (boot.Plan.ZfsKey is not null)
        {
            throw new UserError(
                $"rootcast.zfs.key={boot.Plan.ZfsKey}: the initramfs has no {path}",
                "Pack it: initramfs.files in the recipe, or a segment of the node's own."
            );
        }
        boot.Journal.Say($"the initramfs has no {path}; the key is asked for");
        return null;
    }

    private byte[] OfServer(string location)
    {
        if (!HttpUrl.TryParse(location, out HttpUrl? url))
        {
            throw new UserError($"rootcast.zfs.key={location} is no URL that init can fetch", "Write http[s]://HOST[:PORT]/PATH.");
        }
        byte[]? authorities = HttpCarrier.Authorities();
        HttpCarrier.CanBeJudged(url!, authorities is not null, "rootcast.zfs.key", "fetch it by http where nobody can listen");
        ConfiguredLink network = NetworkStart.Run(boot);
        NameResolver resolver = new(network.Configuration.NameServers, network.Configuration.Domain);
        using HttpFetch fetch = new(url!, null, resolver.Resolve, boot.Journal.Say, new HttpFetchLimits { Authorities = authorities });
        fetch.Begin();
        if (fetch.Length > LongestKey)
        {
            throw TooLong(location);
        }
        byte[] key = new byte[fetch.Length];
        fetch.ReadExactly(key);
        return key;
    }

    private void Ask(string encrypted)
    {
        // zfs(8) asks three times by itself.
        if (command.Ask(Terminals.Console(), PoolRoot.FileSystems, "load-key", "-L", "prompt", encrypted) != 0)
        {
            throw new UserError(
                $"nothing that was typed opens {encrypted}",
                "Boot again and type its passphrase, or name the key by rootcast.zfs.key=file:///PATH or http://."
            );
        }
    }

    private string Property(string dataset, string name)
    {
        (int code, string said) = command.Run(PoolRoot.FileSystems, "get", "-H", "-o", "value", name, dataset);
        return code == 0 ? said : "";
    }

    private static UserError TooLong(string place) =>
        new(
            $"{place} is longer than {LongestKey} bytes: no key of ZFS's is",
            "Check what it names; keys have 32 bytes, 64 hexadecimal digits, or a passphrase."
        );
}
