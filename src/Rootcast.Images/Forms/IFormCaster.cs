using Rootcast.Contract;

namespace Rootcast.Images.Forms;

/// <summary>The host half of a form: makes its artefact from a tree.</summary>
public interface IFormCaster
{
    /// <summary>Which form.</summary>
    Form Form { get; }

    /// <summary>Programs that it calls.</summary>
    IReadOnlyList<string> Tools { get; }

    /// <summary>On how many disks the artefact goes.</summary>
    int DisksOf(CastOptions options) => 1;

    /// <summary>All beside the tree that decides the artefact's bytes, versions of programs included, in one line.</summary>
    Task<string> DescribeInputsAsync(CastOptions options, CancellationToken cancellation);

    /// <summary>Writes the artefact to <see cref="CastRequest.Output"/>.</summary>
    /// <returns>Its <see cref="ArtefactIdentity.UnpackedBytes"/>.</returns>
    Task<long> CastAsync(CastRequest request, CancellationToken cancellation);
}
