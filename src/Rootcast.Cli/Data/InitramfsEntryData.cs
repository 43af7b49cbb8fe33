using System.Globalization;
using System.Text.Json.Serialization;
using Rootcast.Formats.Tree;
using Rootcast.Images.Initramfs;

namespace Rootcast.Cli.Data;

/// <summary>An entry of an initrd, as <c>initramfs list --json</c> prints it.</summary>
/// <param name="Member">Where the member that has it starts in the initrd.</param>
/// <param name="Compression">How that member is compressed.</param>
/// <param name="Path">Absolute; odd bytes as <c>\xHH</c>.</param>
/// <param name="Kind">File, directory, symbolic link, …</param>
/// <param name="Mode">Permission bits in octal.</param>
/// <param name="Uid">Owner.</param>
/// <param name="Gid">Group.</param>
/// <param name="Size">Length of a file.</param>
/// <param name="Target">Of a link.</param>
internal sealed record InitramfsEntryData(
    long Member,
    string Compression,
    string Path,
    string Kind,
    string Mode,
    uint Uid,
    uint Gid,
    long Size,
    string? Target
)
{
    /// <summary>For people.</summary>
    [JsonIgnore]
    public string Line =>
        string.Create(CultureInfo.InvariantCulture, $"{Letter} {Mode, 4} {Uid}:{Gid} {Size, 10} {Path}")
        + (Target is null ? "" : $" -> {Target}");

    /// <summary>As ls shows the kind; <c>h</c> is a further name of a file.</summary>
    private char Letter =>
        Kind switch
        {
            "file" => '-',
            "directory" => 'd',
            "symlink" => 'l',
            "characterdevice" => 'c',
            "blockdevice" => 'b',
            "fifo" => 'p',
            "hardlink" => 'h',
            _ => 's',
        };

    public static InitramfsEntryData Of(InitramfsListing listing)
    {
        TreeEntry entry = listing.Entry;
        return new InitramfsEntryData(
            listing.Member.Offset,
            listing.Member.Compression.ToString().ToLowerInvariant(),
            "/" + entry.Path,
            KindName(entry.Kind),
            Convert.ToString(entry.Mode, 8).PadLeft(4, '0'),
            entry.Uid,
            entry.Gid,
            entry.Size,
            entry.Target.IsEmpty ? null : entry.Target.ToString()
        );
    }

    private static string KindName(NodeKind kind) => kind.ToString().ToLowerInvariant();
}
