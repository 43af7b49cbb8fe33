using Rootcast.Formats.Tree;

namespace Rootcast.Images.Initramfs;

/// <summary>An entry of an initrd and what is in it.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Digest">SHA-256 of its data in hex.</param>
public sealed record InitramfsFact(TreeEntry Entry, string Digest)
{
    /// <summary>What differs, in words for people; null when nothing does. Times don't count.</summary>
    public string? DiffersFrom(InitramfsFact other)
    {
        List<string> differences = [];
        Tell("type", Entry.Kind.ToString(), other.Entry.Kind.ToString());
        Tell("mode", Convert.ToString(Entry.Mode, 8), Convert.ToString(other.Entry.Mode, 8));
        Tell("owner", $"{Entry.Uid}:{Entry.Gid}", $"{other.Entry.Uid}:{other.Entry.Gid}");
        Tell("target", Entry.Target.ToString(), other.Entry.Target.ToString());
        Tell("device", $"{Entry.DeviceMajor}:{Entry.DeviceMinor}", $"{other.Entry.DeviceMajor}:{other.Entry.DeviceMinor}");
        Tell("size", $"{Entry.Size}", $"{other.Entry.Size}");
        if (Entry.Size == other.Entry.Size && Digest != other.Digest)
        {
            differences.Add("contents");
        }
        return differences.Count == 0 ? null : string.Join(", ", differences);

        void Tell(string what, string here, string there)
        {
            if (here != there)
            {
                differences.Add($"{what} {here} -> {there}");
            }
        }
    }
}
