using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Rootcast.Contract;
using Rootcast.Images.Progress;
using Rootcast.Linux.Files;

namespace Rootcast.Images.Disks;

/// <summary>Bytes that were written to a place of a disk, and their digest: reading them back must give the same.</summary>
/// <param name="What">What they are, for people.</param>
/// <param name="Offset">Where they begin.</param>
/// <param name="Length">How many.</param>
/// <param name="Digest">SHA-256.</param>
internal sealed record PlacedContent(string What, long Offset, long Length, byte[] Digest)
{
    /// <summary>Writes.</summary>
    /// <param name="what">What it is, for people.</param>
    /// <param name="disk">The disk.</param>
    /// <param name="name">Its name.</param>
    /// <param name="offset">Where the content begins.</param>
    /// <param name="isEmpty">Whether only zeros are there.</param>
    /// <param name="total">How many bytes will come.</param>
    /// <param name="read">Calls its argument with piece after piece.</param>
    /// <param name="stage">Where progress is shown.</param>
    public static PlacedContent Write(
        string what,
        SafeFileHandle disk,
        string name,
        long offset,
        bool isEmpty,
        long total,
        Action<Action<ReadOnlySpan<byte>>> read,
        IProgressStage stage
    )
    {
        SparseWriter writer = new(disk, name, offset, isEmpty);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long length = 0;
        read(piece =>
        {
            if (length + piece.Length > total)
            {
                throw new InvalidDataException($"{what} is longer than the {total} bytes that it should have");
            }
            hash.AppendData(piece);
            writer.Write(piece);
            length += piece.Length;
            stage.Report(length, total);
        });
        writer.Finish();
        return length == total
            ? new PlacedContent(what, offset, length, hash.GetHashAndReset())
            : throw new InvalidDataException($"{what} has {length} bytes; it should have {total}");
    }

    /// <summary>Reads back, past the cache where the kernel lets it go.</summary>
    /// <exception cref="UserError">Something else came.</exception>
    public void Verify(SafeFileHandle disk, string name, IProgressStage stage, CancellationToken cancellation)
    {
        FileData.DropCache(disk, Offset, Length);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[1 << 20];
        for (long done = 0; done < Length; )
        {
            cancellation.ThrowIfCancellationRequested();
            int got = FileData.ReadAt(disk, buffer.AsSpan(0, (int)Math.Min(buffer.Length, Length - done)), Offset + done, name);
            if (got == 0)
            {
                break;
            }
            hash.AppendData(buffer.AsSpan(0, got));
            done += got;
            stage.Report(done, Length);
        }
        if (!hash.GetHashAndReset().AsSpan().SequenceEqual(Digest))
        {
            throw new UserError(
                $"{name} does not keep what is written to it: {What} reads back as something else",
                "Try another port or cable; if it happens again the medium is broken (or smaller than it says)."
            );
        }
    }
}
