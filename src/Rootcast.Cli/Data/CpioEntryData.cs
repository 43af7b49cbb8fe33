using Rootcast.Formats.Tree;

namespace Rootcast.Cli.Data;

/// <summary>An entry, as <c>cpio list --json</c> prints it. Mode as ls(1) has it in octal; odd bytes of names as <c>\xHH</c>.</summary>
internal sealed record CpioEntryData(
    string Path,
    string Kind,
    string Mode,
    uint Uid,
    uint Gid,
    long Bytes,
    long ModifiedSeconds,
    string? Target,
    uint? DeviceMajor,
    uint? DeviceMinor
)
{
    public static CpioEntryData Of(TreeEntry entry)
    {
        bool device = entry.Kind is NodeKind.CharacterDevice or NodeKind.BlockDevice;
        return new CpioEntryData(
            entry.Path.IsEmpty ? "." : entry.Path.ToString(),
            KindName(entry.Kind),
            Convert.ToString(entry.Mode, 8).PadLeft(4, '0'),
            entry.Uid,
            entry.Gid,
            entry.Size,
            entry.ModifiedSeconds,
            entry.Kind is NodeKind.Symlink or NodeKind.HardLink ? entry.Target.ToString() : null,
            device ? entry.DeviceMajor : null,
            device ? entry.DeviceMinor : null
        );
    }

    private static string KindName(NodeKind kind) =>
        kind switch
        {
            NodeKind.Directory => "directory",
            NodeKind.Symlink => "symlink",
            NodeKind.CharacterDevice => "character-device",
            NodeKind.BlockDevice => "block-device",
            NodeKind.Fifo => "fifo",
            NodeKind.Socket => "socket",
            NodeKind.HardLink => "hard-link",
            _ => "file",
        };
}
