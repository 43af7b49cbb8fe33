using System.Diagnostics;
using System.Globalization;
using Rootcast.Linux.Processes;

namespace Rootcast.Images.Tools;

/// <summary>A program with everything that it has started: its descendants, and all of its session (daemons lose their parent, not their
/// session).</summary>
internal static class ProcessTree
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>Asks the whole tree to end, and ends what is still there after a moment: mmdebstrap and QEMU tidy up when asked.</summary>
    internal static async Task EndAsync(Process process)
    {
        List<int> members = Members(process.Id);
        SignalAll(members, ProcessGroup.Terminate);
        using (CancellationTokenSource patience = new(Grace))
        {
            await process.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        // Who has started something meanwhile is found anew; descendants of an ended parent were noted before.
        HashSet<int> left = [.. members.Where(member => SessionOf(member) is not null), .. Members(process.Id)];
        if (process.HasExited)
        {
            left.Remove(process.Id);
        }
        SignalAll(left, ProcessGroup.Kill);
        await process.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>Ends what is still in a program's session.</summary>
    internal static void KillSession(int session) =>
        SignalAll(Table().Where(entry => entry.Value.Session == session).Select(entry => entry.Key), ProcessGroup.Kill);

    private static void SignalAll(IEnumerable<int> processes, int signal)
    {
        foreach (int process in processes)
        {
            ProcessGroup.SignalProcess(process, signal);
        }
    }

    private static List<int> Members(int root)
    {
        Dictionary<int, (int Parent, int Session)> table = Table();
        return [.. table.Keys.Where(IsMember)];

        bool IsMember(int process)
        {
            for (int depth = 0; depth < 64 && table.TryGetValue(process, out (int Parent, int Session) entry); depth++)
            {
                if (process == root || entry.Session == root)
                {
                    return true;
                }
                process = entry.Parent;
            }
            return false;
        }
    }

    private static Dictionary<int, (int Parent, int Session)> Table()
    {
        Dictionary<int, (int Parent, int Session)> table = [];
        foreach (string directory in Directory.EnumerateDirectories("/proc"))
        {
            if (
                int.TryParse(Path.GetFileName(directory.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out int process)
                && Read(process) is { } entry
            )
            {
                table[process] = entry;
            }
        }
        return table;
    }

    private static int? SessionOf(int process) => Read(process)?.Session;

    private static (int Parent, int Session)? Read(int process)
    {
        try
        {
            // proc(5): the name in parentheses may hold anything, so fields count from the last ')': state ppid pgrp session.
            string stat = File.ReadAllText($"/proc/{process}/stat");
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            bool ended = fields[0] is "Z" or "X";
            return ended ? null : (int.Parse(fields[1], CultureInfo.InvariantCulture), int.Parse(fields[3], CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            return null;
        }
    }
}
