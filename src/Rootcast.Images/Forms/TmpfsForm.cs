using Rootcast.Contract;

namespace Rootcast.Images.Forms;

/// <summary>Form <c>tmpfs</c>: the tree's archive, compressed; the machine unpacks it while it arrives.</summary>
public sealed class TmpfsForm : IFormCaster
{
    /// <inheritdoc/>
    public Form Form => Form.Tmpfs;

    /// <inheritdoc/>
    public IReadOnlyList<string> Tools => [];

    /// <inheritdoc/>
    public Task<string> DescribeInputsAsync(CastOptions options, CancellationToken cancellation) => Task.FromResult(ZstdFile.Settings);

    /// <inheritdoc/>
    public Task<long> CastAsync(CastRequest request, CancellationToken cancellation)
    {
        ZstdFile.Compress(request.Tree.TarPath, request.Output, request.Stage, cancellation);
        return Task.FromResult(request.Facts.TmpfsBytes);
    }
}
