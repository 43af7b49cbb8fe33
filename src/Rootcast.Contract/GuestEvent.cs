namespace Rootcast.Contract;

/// <summary>
/// One line that a guest sends to the lab through the virtio-serial port <see cref="Port"/>. Lines are UTF-8, at most
/// <see cref="LongestLine"/> bytes, a kind and then its text:
/// <list type="table">
/// <item><term>mark</term><description><see cref="Mark"/></description></item>
/// <item><term>used</term><description>with each mark of init: its name, and in bytes the memory in use then (MemTotal − MemAvailable − PerCpuFree) and MemFree</description></item>
/// <item><term>peak</term><description>at the handover, in bytes: the most memory that was in use while init worked, the most that init itself had resident, and the least
/// MemFree</description></item>
/// <item><term>sampled</term><description>how often memory was looked at between handover and <c>ready</c>, and in bytes the least MemFree and the least MemAvailable then</description></item>
/// <item><term>stage</term><description>a mark of another's initramfs, told later</description></item>
/// <item><term>rootfs</term><description>at the handover, what the initramfs's own file system still holds after its files are deleted, in
/// bytes; without init itself, whose pages go when it hands over</description></item>
/// <item><term>memory</term><description>a line of /proc/meminfo, at <c>ready</c> before anything else runs</description></item>
/// <item><term>write</term><description>bytes and nanoseconds of the write test</description></item>
/// <item><term>sync</term><description>nanoseconds of the sync after it</description></item>
/// <item><term>fail</term><description>the failure screen, a line at a time</description></item>
/// <item><term>done</term><description>nothing follows: the report is complete</description></item>
/// </list>
/// </summary>
/// <param name="Kind">The first word.</param>
/// <param name="Text">The rest of the line; may be empty.</param>
public readonly record struct GuestEvent(string Kind, string Text)
{
    /// <summary>Name of the virtio-serial port.</summary>
    public const string Port = "rootcast.events";

    /// <summary>Name of a second port, where the lab has more for the guest to do when it is ready: eight decimal digits and a shell script of so many bytes, which is run
    /// with this port as descriptor 4 and <see cref="Port"/> as descriptor 3. What it sends is between it and the lab.</summary>
    public const string WorkPort = "rootcast.work";

    /// <summary>Bytes of the longest line that is sent or taken.</summary>
    public const int LongestLine = 4096;

    /// <summary>Splits a line.</summary>
    public static GuestEvent Parse(string line)
    {
        int space = line.IndexOf(' ', StringComparison.Ordinal);
        return space < 0 ? new GuestEvent(line, "") : new GuestEvent(line[..space], line[(space + 1)..]);
    }

    /// <summary>The line, without its newline.</summary>
    public override string ToString() => Text.Length == 0 ? Kind : $"{Kind} {Text}";
}
