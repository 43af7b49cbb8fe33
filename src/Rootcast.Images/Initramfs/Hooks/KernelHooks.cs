using Rootcast.Contract;
using Rootcast.Images.Tools;

namespace Rootcast.Images.Initramfs;

/// <summary>Scripts by which a system that installs or removes a kernel has its initramfs made or removed: Debian's /etc/kernel, and systemd's kernel-install. They
/// are there only while somebody has asked for them.</summary>
/// <param name="root">The root of the system.</param>
public sealed class KernelHooks(string root = "/")
{
    /// <summary>By which a script is known as ours.</summary>
    private const string Signature = "# Written by rootcast initramfs hook install; rootcast initramfs hook remove takes it away.";

    private const UnixFileMode ScriptMode =
        UnixFileMode.UserRead
        | UnixFileMode.UserWrite
        | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead
        | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead
        | UnixFileMode.OtherExecute;

    /// <summary>Behind initramfs-tools and dracut, whose image is replaced, and before zz-update-grub.</summary>
    private const string PostInstallation = "/etc/kernel/postinst.d/rootcast";

    private const string PostRemoval = "/etc/kernel/postrm.d/rootcast";

    /// <summary>Before 50-dracut.install, and behind the one that makes the entry's directory.</summary>
    private const string KernelInstall = "/etc/kernel/install.d/40-rootcast.install";

    private readonly string _root = Path.GetFullPath(root).TrimEnd('/');

    /// <summary>Where the scripts stand, below the root.</summary>
    public static IReadOnlyList<string> Paths { get; } = [PostInstallation, PostRemoval, KernelInstall];

    /// <summary>The scripts that are there and ours.</summary>
    public IReadOnlyList<string> Installed => [.. Paths.Where(IsOurs)];

    /// <summary>What else makes initramfs images there, and would write over ours when it sees fit.</summary>
    public IReadOnlyList<string> Others =>
        [
            .. ((string[])["initramfs-tools", "dracut", "tiny-initramfs"]).Where(name =>
                File.Exists($"{_root}/etc/kernel/postinst.d/{name}")
            ),
        ];

    /// <summary>Writes the scripts; those of ours that are there are replaced.</summary>
    /// <param name="program">Absolute path of <c>rootcast</c> on that system.</param>
    /// <param name="options">Further options of <c>initramfs build</c>.</param>
    /// <exception cref="UserError">A file of that name is somebody else's.</exception>
    public void Install(string program, IReadOnlyList<string> options)
    {
        foreach (string path in Paths.Where(path => File.Exists(_root + path) && !IsOurs(path)))
        {
            throw new UserError(
                $"{_root}{path} is there and was not written by rootcast.",
                "Move it away, if it is not needed.",
                UserErrorKind.Input
            );
        }
        string build = string.Join(' ', options.Prepend("build").Prepend("initramfs").Prepend(program).Select(ShellQuoting.Quote));
        Write(PostInstallation, PostInstallationText, build);
        Write(PostRemoval, PostRemovalText, build);
        Write(KernelInstall, KernelInstallText, build);
    }

    /// <summary>Deletes the scripts that are ours.</summary>
    /// <returns>Which they were.</returns>
    public IReadOnlyList<string> Remove()
    {
        IReadOnlyList<string> ours = Installed;
        foreach (string path in ours)
        {
            File.Delete(_root + path);
        }
        return ours;
    }

    private bool IsOurs(string path) =>
        File.Exists(_root + path) && File.ReadLines(_root + path).Take(2).Contains(Signature, StringComparer.Ordinal);

    private void Write(string path, string text, string build)
    {
        string file = _root + path;
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        // run-parts passes over names with a dot, should this be killed here.
        string temporary = $"{file}.{Environment.ProcessId}.new";
        File.WriteAllText(
            temporary,
            text.Replace("SIGNATURE", Signature, StringComparison.Ordinal).Replace("BUILD", build, StringComparison.Ordinal)
        );
        File.SetUnixFileMode(temporary, ScriptMode);
        File.Move(temporary, file, overwrite: true);
    }

    /// <summary>run-parts gives the version and the path of the kernel (kernel-package's interface). dpkg's arguments stand in DEB_MAINT_PARAMS, quoted; only
    /// <c>configure</c> is about a kernel that is whole.</summary>
    private const string PostInstallationText = """
        #!/bin/sh
        SIGNATURE
        set -e
        version=$1
        [ -n "$version" ] || { echo "rootcast: no kernel version" >&2; exit 2; }
        if [ -n "$DEB_MAINT_PARAMS" ]; then
          eval "set -- $DEB_MAINT_PARAMS"
          [ "$1" = configure ] || exit 0
          set -- "$version"
        fi
        [ -e "/lib/modules/$version/modules.dep" ] || depmod "$version"
        echo "rootcast: making /boot/initrd.img-$version"
        exec BUILD --kernel "$version" --output "/boot/initrd.img-$version"

        """;

    private const string PostRemovalText = """
        #!/bin/sh
        SIGNATURE
        set -e
        version=$1
        [ -n "$version" ] || exit 0
        # An upgrade comes by here too, and its kernel stays.
        [ -e "/boot/vmlinuz-$version" ] || rm -f "/boot/initrd.img-$version"

        """;

    /// <summary>kernel-install(8): COMMAND VERSION ENTRY-DIRECTORY [IMAGE [INITRD…]].</summary>
    private const string KernelInstallText = """
        #!/bin/sh
        SIGNATURE
        set -e
        command=$1
        version=$2
        entry=$3
        [ "$command" = add ] || exit 0
        # A machine's install.conf may name another generator, or an initrd was given.
        [ -z "$KERNEL_INSTALL_INITRD_GENERATOR" ] || [ "$KERNEL_INSTALL_INITRD_GENERATOR" = rootcast ] || exit 0
        [ $# -lt 5 ] || exit 0
        directory=${KERNEL_INSTALL_STAGING_AREA:-$entry}
        [ -d "$directory" ] || exit 0
        [ -e "/lib/modules/$version/modules.dep" ] || depmod "$version"
        exec BUILD --kernel "$version" --output "$directory/initrd"

        """;
}
