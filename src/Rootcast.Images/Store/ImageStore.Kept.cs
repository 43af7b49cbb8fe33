using Rootcast.Contract;

namespace Rootcast.Images.Store;

public sealed partial class ImageStore
{
    private const int ShortDigest = 12;

    /// <summary>Gives images a second name, <c>NAME@DIGITS+KEEPER</c>, under which they stay when the first moves on; and takes that name from all others that
    /// the same keeper has kept so far.</summary>
    /// <param name="keeper">Who keeps them: lower-case letters and digits.</param>
    /// <param name="digests">Which: <c>sha256:HEX</c>; those that are not here are passed over.</param>
    /// <exception cref="UserError">The index cannot be read or written.</exception>
    public void Keep(string keeper, IReadOnlySet<string> digests)
    {
        if (IsKept(ReadIndex().Manifests))
        {
            return;
        }
        ChangeIndex(manifests =>
            [
                .. manifests.Where(entry => !IsOf(entry) || digests.Contains(entry.Digest)),
                .. Missing(manifests)
                    .Select(entry => new OciDescriptor
                    {
                        MediaType = entry.MediaType,
                        Digest = entry.Digest,
                        Size = entry.Size,
                        ArtifactType = entry.ArtifactType,
                        Annotations = new(StringComparer.Ordinal) { [OciNames.RefName] = KeptName(entry) },
                    }),
            ]
        );

        bool IsOf(OciDescriptor entry) =>
            entry.Annotation(OciNames.RefName)?.EndsWith($"{Suffix(entry)}", StringComparison.Ordinal) == true;

        string Suffix(OciDescriptor entry) => $"@{entry.Digest["sha256:".Length..][..ShortDigest]}+{keeper}";

        string KeptName(OciDescriptor entry)
        {
            string name = entry.Annotation(OciNames.RefName)!;
            int at = name.IndexOf('@', StringComparison.Ordinal);
            string kept = (at < 0 ? name : name[..at]) + Suffix(entry);
            return ImageTag.IsValid(kept) ? kept : "kept" + Suffix(entry);
        }

        IEnumerable<OciDescriptor> Missing(IReadOnlyList<OciDescriptor> manifests) =>
            manifests
                .Where(entry => entry.ArtifactType == OciNames.Artifact && entry.Annotation(OciNames.RefName) is not null)
                .Where(entry => digests.Contains(entry.Digest))
                .GroupBy(entry => entry.Digest, StringComparer.Ordinal)
                .Where(same => !same.Any(IsOf))
                .Select(same => same.First());

        bool IsKept(IReadOnlyList<OciDescriptor> manifests) =>
            manifests.All(entry => !IsOf(entry) || digests.Contains(entry.Digest)) && !Missing(manifests).Any();
    }
}
