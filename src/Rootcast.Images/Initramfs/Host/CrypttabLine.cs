using Rootcast.Contract;

namespace Rootcast.Images.Initramfs;

/// <summary>What crypttab(5) says of an encrypted device: <c>NAME DEVICE KEY-FILE OPTION,OPTION=VALUE</c>.</summary>
/// <param name="Name">What it is called when it is open.</param>
/// <param name="KeyFile">The third word; null where the passphrase is asked for.</param>
/// <param name="Options">The fourth.</param>
internal sealed record CrypttabLine(string Name, string? KeyFile, IReadOnlyList<string> Options)
{
    /// <summary>Options by which the key comes from elsewhere than a file or a person, or from a part of the file.</summary>
    private static readonly string[] OtherKeys =
    [
        "keyscript",
        "tpm2-device",
        "fido2-device",
        "pkcs11-uri",
        "keyfile-offset",
        "keyfile-size",
        "key-slot",
    ];

    /// <summary>Whether freed blocks are told to the disk below.</summary>
    public bool Discards => Options.Contains("discard") || Options.Contains("allow-discards");

    /// <summary>Why <see cref="KeyFile"/> is not what opens it at boot; null when it can.</summary>
    public string? OtherKey => Options.Select(option => option.Split('=')[0]).FirstOrDefault(OtherKeys.Contains);

    /// <summary>The line of a device; null when there is none.</summary>
    /// <param name="crypttab">The whole file.</param>
    /// <param name="name">What the device is called.</param>
    /// <exception cref="UserError">Its LUKS header is not on the device.</exception>
    public static CrypttabLine? Find(string crypttab, string name)
    {
        foreach (string line in crypttab.Split('\n'))
        {
            string[] words = line.Split((char[])[' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0 || words[0] != name)
            {
                continue;
            }
            string? key = words.Length > 2 && words[2] is not ("none" or "-") ? words[2] : null;
            CrypttabLine found = new(name, key, words.Length > 3 ? words[3].Split(',') : []);
            return found.Options.Any(option => option.StartsWith("header=", StringComparison.Ordinal))
                ? throw MountedRoot.Refuse($"is on {name}, whose LUKS header is on another device (/etc/crypttab)")
                : found;
        }
        return null;
    }
}
