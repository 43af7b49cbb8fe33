using Rootcast.Contract;

namespace Rootcast.Images.Forms;

/// <summary>Form <c>zram</c>: the artefact is that of form <c>tmpfs</c>; what is its own is the empty file system in the initramfs, see
/// <see cref="ZramFileSystem"/>.</summary>
public sealed class ZramForm : IFormCaster
{
    private readonly TmpfsForm _contents = new();

    /// <inheritdoc/>
    public Form Form => Form.Zram;

    /// <inheritdoc/>
    public IReadOnlyList<string> Tools => _contents.Tools;

    /// <inheritdoc/>
    public Task<string> DescribeInputsAsync(CastOptions options, CancellationToken cancellation) =>
        _contents.DescribeInputsAsync(options, cancellation);

    /// <inheritdoc/>
    public Task<long> CastAsync(CastRequest request, CancellationToken cancellation) => _contents.CastAsync(request, cancellation);
}
