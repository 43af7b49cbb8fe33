using Rootcast.Contract;
using Rootcast.Images.Tools;

namespace Rootcast.Lab.Running;

/// <summary>The qemu-system-x86_64 of this host.</summary>
/// <param name="Path">The executable.</param>
/// <param name="Version">What <c>--version</c> says.</param>
public sealed record QemuProgram(string Path, Version Version)
{
    /// <summary>The program's name.</summary>
    public const string Name = "qemu-system-x86_64";

    /// <summary>Before this, a virtual processor under TCG sticks for tens of seconds in page zeroing (see DESIGN, platform facts).</summary>
    public static Version Preferred { get; } = new(10, 0);

    /// <summary>Words for people when timings of this version can't be trusted; else null.</summary>
    public string? Warning =>
        Version < Preferred
            ? $"QEMU {Version} stalls for tens of seconds in page zeroing under software emulation: don't trust its timings; "
                + $"{Preferred} or later does not (on Debian 12: apt-get install -t bookworm-backports qemu-system-x86)"
            : null;

    /// <summary>The one that PATH finds, or null.</summary>
    public static async Task<QemuProgram?> FindAsync(CancellationToken cancellation)
    {
        if (Tool.Find(Name) is not { } path)
        {
            return null;
        }
        string text = await new Tool(path, "--version").ReadAsync(cancellation);
        return VersionIn(text) is { } version
            ? new QemuProgram(path, version)
            : throw new UserError($"{path} --version says no version", "Check the installation of QEMU.", UserErrorKind.Missing);
    }

    /// <summary>As <see cref="FindAsync"/>, but a host without QEMU is an error.</summary>
    public static async Task<QemuProgram> RequireAsync(CancellationToken cancellation) =>
        await FindAsync(cancellation) ?? throw Tool.Missing(Name);

    /// <summary>The version in what <c>--version</c> prints: <c>QEMU emulator version 10.0.2 (Debian …)</c>.</summary>
    public static Version? VersionIn(string text)
    {
        string[] words = text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        int at = Array.IndexOf(words, "version");
        return at >= 0 && at + 1 < words.Length && Version.TryParse(words[at + 1], out Version? version) ? version : null;
    }
}
