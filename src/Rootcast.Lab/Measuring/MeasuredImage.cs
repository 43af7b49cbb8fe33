namespace Rootcast.Lab.Measuring;

/// <summary>The image that was measured.</summary>
/// <param name="Name">Its name in the store.</param>
/// <param name="Digest">Its digest: what was measured, for good.</param>
/// <param name="Source">The recipe's source in a line.</param>
/// <param name="Kernel">Version of the kernel that booted.</param>
/// <param name="Artefacts">What each form is on its way.</param>
/// <param name="KernelOptions">Options that it was built with and that matter to what is measured, see <see cref="Measuring.KernelOptions"/>; null where they are
/// not known.</param>
public sealed record MeasuredImage(
    string Name,
    string Digest,
    string Source,
    string Kernel,
    IReadOnlyList<MeasuredArtefact> Artefacts,
    IReadOnlyList<string>? KernelOptions = null
);
