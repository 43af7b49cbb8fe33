using Rootcast.Contract;

namespace Rootcast.Images.Forms;

/// <summary>Form <c>zfs</c>: the pool of <see cref="ZfsFuseForm"/>, for OpenZFS's kernel module. The tree has no zfs-fuse (Debian's packages exclude each other), so another
/// tree's makes it.</summary>
public sealed class ZfsForm : IFormCaster
{
    /// <inheritdoc/>
    public Form Form => Form.Zfs;

    /// <inheritdoc/>
    public IReadOnlyList<string> Tools => PoolCasting.Tools;

    /// <inheritdoc/>
    public int DisksOf(CastOptions options) => options.Pool.Disks;

    /// <inheritdoc/>
    public Task<string> DescribeInputsAsync(CastOptions options, CancellationToken cancellation) =>
        Task.FromResult(PoolCasting.Describe(options));

    /// <inheritdoc/>
    public Task<long> CastAsync(CastRequest request, CancellationToken cancellation) => PoolCasting.CastAsync(Form, request, cancellation);
}
