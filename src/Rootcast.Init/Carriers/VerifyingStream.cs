using Rootcast.Contract;
using Rootcast.Formats;
using Rootcast.Linux.Libraries;

namespace Rootcast.Init.Carriers;

/// <summary>Passes an artefact's bytes through, counts and digests them, and ends only when they are what the plan says.</summary>
/// <param name="source">The bytes.</param>
/// <param name="origin">Where they come from, for errors.</param>
/// <param name="length">How many there must be.</param>
/// <param name="identity">The plan's; null when it has none, then only the length is held.</param>
/// <param name="ended">Called once when all is found right.</param>
public sealed class VerifyingStream(Stream source, string origin, long length, ArtefactIdentity? identity, Action? ended = null)
    : ForwardStream
{
    private readonly Sha256Digest? digest = identity is null ? null : new Sha256Digest();
    private long seen;
    private bool verified;

    /// <inheritdoc/>
    public override long Length => length;

    /// <inheritdoc/>
    public override long Position
    {
        get => seen;
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        if (seen == length)
        {
            Verify();
            return 0;
        }
        int got = source.Read(buffer[..(int)Math.Min(buffer.Length, length - seen)]);
        if (got == 0 && !buffer.IsEmpty)
        {
            throw new InvalidDataException($"{origin} ends after {seen} bytes; it should have {length} ({length - seen} are missing)");
        }
        digest?.Append(buffer[..got]);
        seen += got;
        return got;
    }

    /// <summary>Reads what is left, so that all is verified: a form calls this when it has what it needs.</summary>
    public static void ReadToEnd(Stream stream)
    {
        byte[] rest = new byte[65536];
        while (stream.Read(rest) > 0) { }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            digest?.Dispose();
            source.Dispose();
        }
        base.Dispose(disposing);
    }

    private void Verify()
    {
        if (verified)
        {
            return;
        }
        if (digest?.Finish() is { } found && found != identity!.Digest)
        {
            throw new InvalidDataException($"{origin} is damaged: its digest is {found}, the boot plan says {identity.Digest}");
        }
        verified = true;
        ended?.Invoke();
    }
}
