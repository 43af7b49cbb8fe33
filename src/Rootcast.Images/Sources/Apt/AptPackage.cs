namespace Rootcast.Images.Sources.Apt;

/// <summary>A package that an archive has.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">The version that apt would install.</param>
/// <param name="Digest">SHA-256 of the file.</param>
/// <param name="Depends">Names that it depends on; the first where one of several will do.</param>
internal sealed record AptPackage(string Name, string Version, string Digest, IReadOnlyList<string> Depends);
