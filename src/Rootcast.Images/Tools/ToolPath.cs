namespace Rootcast.Images.Tools;

/// <summary>Where programs are. A user's <c>PATH</c> often lacks <c>sbin</c>, where the file system tools are.</summary>
internal static class ToolPath
{
    private static readonly string[] Further = ["/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/local/bin", "/usr/bin", "/bin"];

    /// <summary>The program's path, or null.</summary>
    internal static string? Find(string program)
    {
        if (program.Contains('/', StringComparison.Ordinal))
        {
            return IsExecutable(program) ? Path.GetFullPath(program) : null;
        }
        return Directories().Select(directory => Path.Combine(directory, program)).FirstOrDefault(IsExecutable);
    }

    /// <summary>A <c>PATH</c> for the programs that a program starts.</summary>
    internal static string ForChildren() => string.Join(':', Directories());

    private static IEnumerable<string> Directories() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Where(Path.IsPathRooted)
            .Concat(Further)
            .Distinct(StringComparer.Ordinal);

    private static bool IsExecutable(string path) =>
        File.Exists(path)
        && (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute))
            != UnixFileMode.None;
}
