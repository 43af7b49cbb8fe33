using System.Globalization;
using System.Text;

namespace Rootcast.Formats.Tree;

/// <summary>An entry as a line for people, like <c>ls -l</c>: mode, owner/group, size or device numbers, UTC time, name, where it points.</summary>
public static class EntryText
{
    /// <summary>The line, without a line end.</summary>
    public static string Of(TreeEntry entry)
    {
        StringBuilder line = new(96);
        line.Append(KindLetter(entry.Kind));
        AppendMode(line, entry.Mode);
        string owner = string.Create(CultureInfo.InvariantCulture, $"{entry.Uid}/{entry.Gid}");
        string size = entry.Kind is NodeKind.CharacterDevice or NodeKind.BlockDevice
            ? string.Create(CultureInfo.InvariantCulture, $"{entry.DeviceMajor},{entry.DeviceMinor}")
            : entry.Size.ToString(CultureInfo.InvariantCulture);
        line.Append(' ').Append(owner);
        line.Append(' ', Math.Max(1, 20 - owner.Length - size.Length)).Append(size).Append(' ');
        AppendTime(line, entry.ModifiedSeconds);
        line.Append(' ').Append(entry.Path.IsEmpty ? "." : entry.Path.ToString());
        if (entry.Kind == NodeKind.Symlink)
        {
            line.Append(" -> ").Append(entry.Target.ToString());
        }
        else if (entry.Kind == NodeKind.HardLink)
        {
            line.Append(" link to ").Append(entry.Target.ToString());
        }
        if (entry.DataRanges is { } ranges)
        {
            long data = 0;
            foreach (DataRange range in ranges)
            {
                data += range.Length;
            }
            line.Append(CultureInfo.InvariantCulture, $" (sparse, {data} bytes of data)");
        }
        foreach (ExtendedAttribute attribute in entry.Attributes)
        {
            line.Append(CultureInfo.InvariantCulture, $" {{{attribute.Name}: {attribute.Value.Length} bytes}}");
        }
        return line.ToString();
    }

    private static char KindLetter(NodeKind kind) =>
        kind switch
        {
            NodeKind.Directory => 'd',
            NodeKind.Symlink => 'l',
            NodeKind.CharacterDevice => 'c',
            NodeKind.BlockDevice => 'b',
            NodeKind.Fifo => 'p',
            NodeKind.Socket => 's',
            NodeKind.HardLink => 'h',
            _ => '-',
        };

    private static void AppendMode(StringBuilder line, int mode)
    {
        for (int shift = 6; shift >= 0; shift -= 3)
        {
            bool special = (mode & (0x200 << (shift / 3))) != 0;
            bool execute = (mode & (1 << shift)) != 0;
            char marked = shift == 0 ? 't' : 's';
            line.Append((mode & (4 << shift)) != 0 ? 'r' : '-');
            line.Append((mode & (2 << shift)) != 0 ? 'w' : '-');
            line.Append(
                (special, execute) switch
                {
                    (true, true) => marked,
                    (true, false) => char.ToUpperInvariant(marked),
                    (false, true) => 'x',
                    _ => '-',
                }
            );
        }
    }

    private static void AppendTime(StringBuilder line, long seconds)
    {
        // Years 1 to 9999: what DateTimeOffset can say.
        if (seconds is >= -62135596800 and <= 253402300799)
        {
            line.Append(DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture));
        }
        else
        {
            line.Append(CultureInfo.InvariantCulture, $"{seconds}s");
        }
    }
}
