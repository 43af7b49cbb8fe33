using Rootcast.Images.Cpio;

namespace Rootcast.Images.Initramfs;

/// <summary>udev for an initramfs: the daemon, the rules of the root, and the programs that they call. <c>/init</c> itself does without; this is for programs that
/// one adds.</summary>
internal static class UdevFiles
{
    private const int FileMode = 0x1A4; // 0644
    private const string HelperDirectory = "/usr/lib/udev/";

    private static readonly string[] Daemons = ["/usr/bin/udevadm", "/usr/lib/systemd/systemd-udevd"];
    private static readonly string[] Rules = ["/usr/lib/udev/rules.d", "/etc/udev/rules.d"];

    public static void Add(InitramfsTree tree, LibraryClosure libraries, List<string> notes)
    {
        foreach (string daemon in Daemons)
        {
            if (!libraries.AddProgram(daemon, "udev", null))
            {
                notes.Add($"There is no {daemon} (udev).");
            }
        }
        foreach (string directory in Rules)
        {
            if (!Directory.Exists(tree.Files.OnHost(directory)))
            {
                continue;
            }
            foreach (string rules in Directory.EnumerateFiles(tree.Files.OnHost(directory), "*.rules").Order(StringComparer.Ordinal))
            {
                string path = tree.Files.NameOf(rules);
                if (tree.Files.Find(path) is { } file)
                {
                    tree.AddFile(file, FileMode, new InitramfsReason(path, "udev's rules", null));
                    AddPrograms(file, path, libraries);
                }
            }
        }
    }

    /// <summary>The words that a rule may run: of PROGRAM, IMPORT{program} and RUN. What the root has not got, its rules do without there, too.</summary>
    private static void AddPrograms(OpenedFile file, string path, LibraryClosure libraries)
    {
        string text = System.Text.Encoding.UTF8.GetString(file.ReadAll()).Replace("\\\n", "", StringComparison.Ordinal);
        foreach (string line in text.Split('\n').Where(line => !line.TrimStart().StartsWith('#')))
        {
            foreach (string key in (string[])["PROGRAM", "IMPORT{program}", "RUN", "RUN{program}"])
            {
                for (
                    int at = line.IndexOf(key, StringComparison.Ordinal);
                    at >= 0;
                    at = line.IndexOf(key, at + 1, StringComparison.Ordinal)
                )
                {
                    string[] quoted = line[(at + key.Length)..].Split('"');
                    string program = quoted.Length > 1 && quoted[0].Trim() is "=" or "==" or "+=" or ":=" ? quoted[1].Split(' ')[0] : "";
                    if (program.Length > 0)
                    {
                        libraries.AddProgram(program.StartsWith('/') ? program : HelperDirectory + program, "named in udev's rules", path);
                    }
                }
            }
        }
    }
}
