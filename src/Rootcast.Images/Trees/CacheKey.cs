using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Rootcast.Images.Trees;

/// <summary>Gathers what a result depends on into one name. Every value goes in with its name and its length, so that no two lists of inputs
/// read the same.</summary>
public sealed class CacheKey : IDisposable
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Begins a key.</summary>
    /// <param name="kind">What is made, with the version of how: a change of the making changes the name.</param>
    public CacheKey(string kind) => Add("kind", kind);

    /// <summary>Adds a text.</summary>
    public CacheKey Add(string name, string? value) => value is null ? Add(name, []) : Add(name, Encoding.UTF8.GetBytes(value));

    /// <summary>Adds bytes.</summary>
    public CacheKey Add(string name, ReadOnlySpan<byte> value)
    {
        AddPart(Encoding.UTF8.GetBytes(name));
        AddPart(value);
        return this;
    }

    /// <summary>Adds what is in a file.</summary>
    public CacheKey AddFile(string name, string path)
    {
        using FileStream file = File.OpenRead(path);
        return Add(name, SHA256.HashData(file));
    }

    /// <summary>The key of all that was added: 64 hexadecimal digits.</summary>
    public string Finish() => Convert.ToHexStringLower(hash.GetHashAndReset());

    /// <inheritdoc/>
    public void Dispose() => hash.Dispose();

    private void AddPart(ReadOnlySpan<byte> bytes)
    {
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
