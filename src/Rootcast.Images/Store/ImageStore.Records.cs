using System.Security.Cryptography;
using System.Text;
using Rootcast.Contract;

namespace Rootcast.Images.Store;

/// <summary>What was cast from what, so that nothing is cast twice. A record is a hint: it counts while its blob is there.</summary>
public sealed partial class ImageStore
{
    private const int LongestRecord = 256;

    /// <summary>What an earlier build made from these inputs, when its blob is still there.</summary>
    /// <param name="inputs">Everything that decides the result: digests, options, versions of tools.</param>
    public ArtefactIdentity? Recall(string inputs) => Recorded(RecordPath(inputs));

    /// <summary>Remembers what was made from these inputs.</summary>
    public void Remember(string inputs, ArtefactIdentity made) =>
        Guarded(() =>
        {
            // Not synced: after a power cut a record is whole, empty or absent, and only a whole one counts.
            using StoreTemporary temporary = NewTemporary();
            File.WriteAllText(temporary.Path, made.ToString());
            File.Move(temporary.Path, RecordPath(inputs), overwrite: true);
        });

    private string RecordPath(string inputs) =>
        Path.Combine(_records, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(inputs))));

    private bool RecordHolds(string path) => Recorded(path) is not null;

    private ArtefactIdentity? Recorded(string path)
    {
        try
        {
            string text = Encoding.ASCII.GetString(ReadBounded(path, LongestRecord));
            return ArtefactIdentity.TryParse(text, out ArtefactIdentity? made) && Has(new ImageBlob(made!.Digest, made.Bytes))
                ? made
                : null;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
