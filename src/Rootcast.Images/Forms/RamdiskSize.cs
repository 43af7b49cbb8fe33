using Rootcast.Contract;

namespace Rootcast.Images.Forms;

/// <summary>How large the file system of form <c>ramdisk</c> is.</summary>
/// <param name="Bytes">The image, in whole MiB.</param>
/// <param name="Inodes">How many inodes it has.</param>
public readonly record struct RamdiskSize(long Bytes, long Inodes)
{
    private const long Mebibyte = 1 << 20;
    private const long BytesPerInode = 16384;

    /// <summary>As asked, else the tree, a quarter of it, and some room.</summary>
    /// <param name="facts">The tree.</param>
    /// <param name="asked">What the recipe says, in bytes.</param>
    /// <param name="form">Which form, for the error.</param>
    /// <param name="room">How much where the recipe does not say, in bytes.</param>
    /// <exception cref="UserError">The tree does not fit into what was asked.</exception>
    public static RamdiskSize Of(TreeFacts facts, long? asked, Form form = Form.Ramdisk, long room = 256 * Mebibyte)
    {
        long least = Least(facts);
        long bytes = asked ?? least + (facts.Ext4Blocks / 4) + room;
        if (bytes < least)
        {
            throw new UserError(
                $"The tree does not fit into a {Names.Of(form)} of {bytes} bytes: it needs {least}.",
                $"Raise the form's size in the recipe to {TreeFacts.RoundUp(least, Mebibyte) / Mebibyte}M or more, or leave it out.",
                UserErrorKind.Input
            );
        }
        bytes = TreeFacts.RoundUp(bytes, Mebibyte);
        return new RamdiskSize(bytes, InodesOf(facts, bytes));
    }

    private static long InodesOf(TreeFacts facts, long bytes) => Math.Max(bytes / BytesPerInode, (facts.Inodes * 5 / 4) + 1024);

    /// <summary>Data, inode tables, and a hundredth for bitmaps and extent blocks.</summary>
    private static long Least(TreeFacts facts)
    {
        long data = facts.Ext4Blocks;
        return data + (InodesOf(facts, data) * 256) + (data / 100) + (4 * Mebibyte);
    }
}
