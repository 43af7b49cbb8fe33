using System.Text;
using Rootcast.Linux.Files;

namespace Rootcast.Images.Initramfs;

/// <summary>Reads sysfs and procfs, or a copy of them in a test.</summary>
/// <param name="root">What stands before <c>/sys</c> and <c>/proc</c>; empty for this machine's own.</param>
internal sealed class SysTree(string root)
{
    /// <summary>The text of an attribute without blanks around it; null when there is none.</summary>
    public string? Text(string path) => SmallFile.TryReadText(root + path)?.Trim();

    /// <summary>Whether a path is there.</summary>
    public bool Has(string path) => FileNodes.Exists(root + path);

    /// <summary>Names in a directory, sorted; none when it is not there.</summary>
    public IReadOnlyList<string> Names(string path) =>
        Directory.Exists(root + path)
            ? [.. Directory.EnumerateFileSystemEntries(root + path).Select(entry => Path.GetFileName(entry)).Order(StringComparer.Ordinal)]
            : [];

    /// <summary>Where a path leads to when all links are followed; null when it leads nowhere.</summary>
    public string? Real(string path)
    {
        string real = "";
        Stack<string> left = [];
        Push(path, left);
        const int mostSteps = 256;
        for (int steps = 0; left.Count > 0; steps++)
        {
            string name = left.Pop();
            if (name is "." or "..")
            {
                real = name == ".." ? real[..Math.Max(0, real.LastIndexOf('/'))] : real;
                continue;
            }
            byte[] bytes = Encoding.UTF8.GetBytes($"{root}{real}/{name}");
            if (steps > mostSteps || !FileNodes.TryStatus(null, bytes, followLinks: false, out FileStatus status, out _))
            {
                return null;
            }
            if (!status.IsSymlink)
            {
                real = $"{real}/{name}";
                continue;
            }
            string target = Encoding.UTF8.GetString(FileNodes.ReadLink(null, bytes));
            real = target.StartsWith('/') ? "" : real;
            Push(target, left);
        }
        return real;
    }

    /// <summary>Puts the parts of a path onto what is left to walk, the first on top.</summary>
    private static void Push(string path, Stack<string> left)
    {
        string[] parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (int i = parts.Length - 1; i >= 0; i--)
        {
            left.Push(parts[i]);
        }
    }
}
