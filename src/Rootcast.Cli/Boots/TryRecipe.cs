using System.Text;
using Rootcast.Cli.Host;
using Rootcast.Images.Recipes;

namespace Rootcast.Cli.Boots;

/// <summary>The recipe of <c>rootcast try</c>.</summary>
internal static class TryRecipe
{
    /// <summary>Name of the image.</summary>
    public const string Name = "try";

    /// <summary>The suite where the host is no Debian.</summary>
    private const string Fallback = "bookworm";

    /// <summary>The recipe for a host: a Debian of its own suite, so that its own mirror has it.</summary>
    public static Recipe For(HostSystem host)
    {
        string suite = host is { Id: "debian", CodeName: { } codeName } ? codeName : Fallback;
        return Recipe.Parse(Encoding.UTF8.GetBytes(Text(suite)), "the recipe of 'rootcast try'");
    }

    /// <summary>As a person would write it.</summary>
    public static string Text(string suite) =>
        $$"""
            name: {{Name}}
            source:
              debian:
                suite: {{suite}}
                packages: [systemd-sysv, dbus, udev, iproute2, openssh-server]
            kernels:
              - debian: cloud
            forms: [tmpfs, ramdisk, squashfs]
            hostname: rootcast
            root:
              # Locked: nobody logs in, and nothing waits for a password to be set.
              password-hash: '!'

            """;
}
