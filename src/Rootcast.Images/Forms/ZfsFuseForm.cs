using Rootcast.Contract;

namespace Rootcast.Images.Forms;

/// <summary>Form <c>zfs-fuse</c>: a pool that the tree's own zfs-fuse makes, and serves.</summary>
public sealed class ZfsFuseForm : IFormCaster
{
    /// <inheritdoc/>
    public Form Form => Form.ZfsFuse;

    /// <inheritdoc/>
    public IReadOnlyList<string> Tools => PoolCasting.Tools;

    /// <inheritdoc/>
    public int DisksOf(CastOptions options) => options.Pool.Disks;

    /// <inheritdoc/>
    public Task<string> DescribeInputsAsync(CastOptions options, CancellationToken cancellation) =>
        Task.FromResult(PoolCasting.Describe(options with { PoolTools = null }));

    /// <inheritdoc/>
    public Task<long> CastAsync(CastRequest request, CancellationToken cancellation) =>
        PoolCasting.CastAsync(Form, request with { Options = request.Options with { PoolTools = null } }, cancellation);
}
