using System.Runtime.InteropServices;

namespace Rootcast.Linux.Libraries;

/// <summary>SHA-256 of bytes as they come, by OpenSSL's assembler routines (SHA extensions where the processor has them).</summary>
public sealed unsafe class Sha256Digest : IDisposable
{
    // SHA256_CTX: 8 + 2 + 16 words of state and two lengths, 112 bytes.
    private const int ContextBytes = 128;
    private void* context;

    /// <summary>Begins a digest.</summary>
    public Sha256Digest()
    {
        LibraryNames.Use();
        context = NativeMemory.AllocZeroed(ContextBytes);
        _ = CryptoLibrary.SHA256_Init(context);
    }

    /// <summary>Takes more bytes in.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        ObjectDisposedException.ThrowIf(context is null, this);
        fixed (byte* data = bytes)
        {
            _ = CryptoLibrary.SHA256_Update(context, data, (nuint)bytes.Length);
        }
    }

    /// <summary>The digest of all that came, as <c>sha256:</c> and 64 lower-case hexadecimal digits. Afterwards a new digest begins.</summary>
    public string Finish()
    {
        ObjectDisposedException.ThrowIf(context is null, this);
        Span<byte> digest = stackalloc byte[32];
        fixed (byte* place = digest)
        {
            _ = CryptoLibrary.SHA256_Final(place, context);
        }
        _ = CryptoLibrary.SHA256_Init(context);
        return "sha256:" + Convert.ToHexStringLower(digest);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.Free(context);
        context = null;
    }
}
