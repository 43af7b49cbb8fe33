using System.Text;
using Microsoft.Win32.SafeHandles;
using Rootcast.Contract;
using Rootcast.Linux.Files;

namespace Rootcast.Init.Handover;

/// <summary>Which program of the tree takes over.</summary>
public static class TreeInit
{
    /// <summary>The init of a tree that was an initramfs itself: it expects what the kernel gives, a place where nothing is mounted.</summary>
    public const string OfInitramfs = "/init";

    private static readonly string[] Usual =
    [
        OfInitramfs,
        "/sbin/init",
        "/lib/systemd/systemd",
        "/usr/lib/systemd/systemd",
        "/bin/busybox",
        "/bin/sh",
    ];
    private const int MostLinks = 40;

    /// <summary>Finds it.</summary>
    /// <param name="root">Where the tree is mounted.</param>
    /// <param name="asked"><c>init=</c> of the plan; when it is given nothing else is taken.</param>
    public static string Find(string root, string? asked)
    {
        if (asked is not null)
        {
            return IsProgram(root, asked)
                ? asked
                : throw new UserError(
                    $"the tree has no program {asked}, which init= names",
                    "Leave init= out, or name a program that the tree has."
                );
        }
        foreach (string path in Usual)
        {
            if (IsProgram(root, path))
            {
                return path;
            }
        }
        throw new UserError(
            $"the tree has no init: none of {string.Join(", ", Usual)} is a program in it",
            "Put systemd or busybox into the tree and cast it again, or name its init with init=."
        );
    }

    /// <summary>The arguments that the program gets: its name first; busybox must be told that it is init.</summary>
    public static string[] Arguments(string program, IReadOnlyList<string> passedOn) =>
        program == "/bin/busybox" ? ["init", .. passedOn] : [program, .. passedOn];

    /// <summary>Whether a program of the tree is systemd, by the name of the file that its links lead to.</summary>
    public static bool IsSystemd(string root, string program) =>
        Resolve(root, program)?.EndsWith("/systemd", StringComparison.Ordinal) ?? false;

    private static bool IsProgram(string root, string path) => Resolve(root, path) is not null;

    /// <summary>The file of the tree that a path leads to when it can be executed, else null. Absolute symbolic links are followed below the tree's
    /// root, as they will be when it is the root.</summary>
    private static string? Resolve(string root, string path)
    {
        List<string> rest = [.. path.Split('/', StringSplitOptions.RemoveEmptyEntries)];
        List<string> place = [];
        int links = 0;
        while (rest.Count > 0)
        {
            string part = rest[0];
            rest.RemoveAt(0);
            if (part is "." or "..")
            {
                if (part == ".." && place.Count > 0)
                {
                    place.RemoveAt(place.Count - 1);
                }
                continue;
            }
            byte[] name = Encoding.UTF8.GetBytes($"{root}/{string.Join('/', place)}/{part}");
            if (!FileNodes.TryStatus(null, name, followLinks: false, out FileStatus status, out _))
            {
                return null;
            }
            if (!status.IsSymlink)
            {
                place.Add(part);
                if (rest.Count == 0)
                {
                    const int anyoneMayExecute = 0x49;
                    return status.IsFile && (status.Mode & anyoneMayExecute) != 0 ? "/" + string.Join('/', place) : null;
                }
                continue;
            }
            if (++links > MostLinks)
            {
                return null;
            }
            string target = Encoding.UTF8.GetString(FileNodes.ReadLink((SafeFileHandle?)null, name));
            if (target.StartsWith('/'))
            {
                place.Clear();
            }
            rest.InsertRange(0, target.Split('/', StringSplitOptions.RemoveEmptyEntries));
        }
        return null;
    }
}
