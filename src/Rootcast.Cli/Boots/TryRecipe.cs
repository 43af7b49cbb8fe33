using System.Text;
using Rootcast.Cli.Host;
using Rootcast.Contract;
using Rootcast.Images.Recipes;

namespace Rootcast.Cli.Boots;

/// <summary>The recipe of <c>rootcast try</c>.</summary>
internal static class TryRecipe
{
    /// <summary>Name of the image.</summary>
    public const string Name = "try";

    /// <summary>The suite where the host is no Debian.</summary>
    private const string Fallback = "bookworm";

    /// <summary>The forms of the main job: what a root in memory has always been, and what it should be.</summary>
    public static IReadOnlyList<Form> Usual { get; } = [Form.Tmpfs, Form.Ramdisk, Form.Squashfs];

    /// <summary>The recipe for a host: a Debian of its own suite, so that its own mirror has it.</summary>
    public static Recipe For(HostSystem host, IReadOnlyList<Form> forms) =>
        Recipe.Parse(Encoding.UTF8.GetBytes(Text(SuiteOf(host), forms)), "the recipe of 'rootcast try'");

    /// <summary>The suite of Debian that a host's own mirror has.</summary>
    public static string SuiteOf(HostSystem host) => host is { Id: "debian", CodeName: { } codeName } ? codeName : Fallback;

    /// <summary>As a person would write it.</summary>
    /// <exception cref="UserError">No tree can have all of these forms.</exception>
    public static string Text(string suite, IReadOnlyList<Form> forms)
    {
        if (forms.Contains(Form.Zfs) && forms.Contains(Form.ZfsFuse))
        {
            throw new UserError(
                "no tree has both zfs and zfs-fuse: Debian's packages exclude each other",
                "Try one after the other.",
                UserErrorKind.Input
            );
        }
        bool module = forms.Contains(Form.Zfs);
        string pool =
            module ? ", zfsutils-linux"
            : forms.Contains(Form.ZfsFuse) ? ", zfs-fuse"
            : "";
        return $$"""
            name: {{Name}}
            source:
              debian:
                suite: {{suite}}
                components: [main{{(module ? ", contrib" : "")}}]
                packages: [systemd-sysv, dbus, udev, iproute2, openssh-server{{pool}}]
            kernels:
              - {debian: cloud{{(module ? ", dkms: [zfs-dkms]" : "")}}}
            forms: [{{string.Join(", ", forms.Select(Names.Of))}}]
            hostname: rootcast
            root:
              # Locked: nobody logs in, and nothing waits for a password to be set.
              password-hash: '!'

            """;
    }
}
