using System.Globalization;

namespace Rootcast.Linux.Memory;

/// <summary>What the kernel says at boot of the memory that it keeps for itself, in bytes. All of it lies outside of MemTotal.</summary>
/// <param name="Code">Its code.</param>
/// <param name="Data">Its data, read-only data and bss together.</param>
/// <param name="PerCpu">The first chunk of per-CPU data, which the line Percpu of /proc/meminfo counts in; 0 when the log does not say.</param>
public sealed record BootMemory(long Code, long Data, long PerCpu)
{
    /// <summary>Reads the kernel's log: the lines <c>Memory: …K/…K available (…)</c> and <c>percpu: Embedded N pages/cpu</c>.</summary>
    /// <param name="lines">Its lines.</param>
    /// <param name="processors">How many processors can be there, for the second.</param>
    /// <returns>Null when the first is not there: the log is a ring, and forgets.</returns>
    public static BootMemory? Parse(IEnumerable<string> lines, int processors)
    {
        (long code, long data, long perCpu, bool found) = (0L, 0L, 0L, false);
        foreach (string line in lines)
        {
            if (line.StartsWith("Memory: ", StringComparison.Ordinal) && line.IndexOf('(', StringComparison.Ordinal) is var from and > 0)
            {
                found = true;
                foreach (string part in line[(from + 1)..].TrimEnd(')').Split(", "))
                {
                    int unit = part.IndexOf("K ", StringComparison.Ordinal);
                    long bytes = unit > 0 ? Number(part[..unit]) * 1024 : 0;
                    string name = unit > 0 ? part[(unit + 2)..] : "";
                    code += name == "kernel code" ? bytes : 0;
                    data += name is "rwdata" or "rodata" or "bss" ? bytes : 0;
                }
            }
            const string embedded = "percpu: Embedded ";
            if (line.StartsWith(embedded, StringComparison.Ordinal))
            {
                perCpu = Number(line[embedded.Length..].Split(' ')[0]) * Environment.SystemPageSize * processors;
            }
        }
        return found || perCpu > 0 ? new BootMemory(code, data, perCpu) : null;
    }

    private static long Number(string text) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint number) ? number : 0;
}
