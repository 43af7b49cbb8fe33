using Rootcast.Contract;

namespace Rootcast.Images.Sources;

/// <summary>The kernels whose modules a root has.</summary>
public static class InstalledKernels
{
    private static readonly string[] Directories = ["/usr/lib/modules", "/lib/modules"];

    /// <summary>Chooses.</summary>
    /// <param name="root">The root.</param>
    /// <param name="wanted">Versions; when there are none, the running one for the root <c>/</c>, else the only one there.</param>
    /// <param name="running">Version of the kernel that runs here.</param>
    /// <exception cref="UserError">One is not there, or nothing says which.</exception>
    public static IReadOnlyList<KernelFiles> Choose(string root, IReadOnlyList<string> wanted, string running)
    {
        string prefix = Path.GetFullPath(root).TrimEnd('/');
        string? directory = Directories.FirstOrDefault(directory => Directory.Exists(prefix + directory));
        string[] found = directory is null
            ? []
            :
            [
                .. Directory
                    .EnumerateDirectories(prefix + directory)
                    .Where(kernel => File.Exists($"{kernel}/modules.dep"))
                    .Select(kernel => Path.GetFileName(kernel))
                    .Order(StringComparer.Ordinal),
            ];
        IReadOnlyList<string> chosen =
            wanted.Count > 0 ? wanted
            : prefix.Length == 0 && found.Contains(running) ? [running]
            : found;
        if (chosen.Count == 0 || (wanted.Count == 0 && chosen.Count > 1))
        {
            throw new UserError(
                found.Length == 0
                    ? $"{root} has no kernel: there is no modules.dep below {prefix}/lib/modules."
                    : $"{root} has several kernels: {string.Join(", ", found)}.",
                found.Length == 0 ? "Install a kernel's package there." : "Name one or more with --kernel.",
                UserErrorKind.Input
            );
        }
        foreach (string version in chosen)
        {
            if (!found.Contains(version))
            {
                throw new UserError(
                    $"{root} has no modules of kernel {version}.",
                    found.Length == 0 ? "Install its package there." : $"There are: {string.Join(", ", found)}.",
                    UserErrorKind.Input
                );
            }
        }
        return
        [
            .. chosen.Select(version => new KernelFiles(version, $"{prefix}/boot/vmlinuz-{version}", $"{prefix}{directory}/{version}")),
        ];
    }
}
