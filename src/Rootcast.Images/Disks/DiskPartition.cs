namespace Rootcast.Images.Disks;

/// <summary>A partition that is to be made.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Name">Its name in the table.</param>
/// <param name="Type">Its type's UUID.</param>
/// <param name="Uuid">Its own: what <c>PARTUUID=</c> names.</param>
/// <param name="Offset">Where it begins, in bytes.</param>
/// <param name="Length">In bytes.</param>
public sealed record DiskPartition(int Number, string Name, Guid Type, Guid Uuid, long Offset, long Length)
{
    /// <summary>Where it ends, in bytes.</summary>
    public long End => Offset + Length;
}
