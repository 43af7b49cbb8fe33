using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Rootcast.Server.Content;

/// <summary>What a path leads to: parts that are sent one behind the other, never put together first.</summary>
public sealed record ServedContent
{
    /// <summary>The parts in their order.</summary>
    public required IReadOnlyList<ContentPart> Parts { get; init; }

    /// <summary>Strong entity tag without quotes: another content never has the same. Null for what is made anew each time.</summary>
    public string? Tag { get; init; }

    /// <summary>Media type.</summary>
    public string ContentType { get; init; } = "application/octet-stream";

    /// <summary>Whether the path leads to these bytes for ever, so that everybody may keep them.</summary>
    public bool IsImmutable { get; init; }

    /// <summary>HTTP's status for a GET without conditions.</summary>
    public int Status { get; init; } = 200;

    /// <summary>Length of all parts.</summary>
    public long Length
    {
        get
        {
            long length = 0;
            foreach (ContentPart part in Parts)
            {
                length += part.Length;
            }
            return length;
        }
    }

    /// <summary>A blob of a store: a file that is named by its SHA-256.</summary>
    /// <param name="file">The file, which has to be there.</param>
    /// <param name="hex">The digest's 64 hexadecimal digits.</param>
    public static ServedContent OfBlob(string file, string hex) =>
        new()
        {
            Parts = [ContentPart.Of(file, new FileInfo(file).Length)],
            Tag = hex,
            IsImmutable = true,
        };

    /// <summary>Text that was made for this request.</summary>
    public static ServedContent OfText(string text, int status = 200) =>
        new()
        {
            Parts = [ContentPart.Of(Encoding.UTF8.GetBytes(text))],
            ContentType = "text/plain; charset=utf-8",
            Status = status,
        };

    /// <summary>Parts of which each file is a blob, named by its digest: so the names stand for the bytes, and nothing has to be read for the tag.</summary>
    public static ServedContent OfParts(IReadOnlyList<ContentPart> parts)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[8];
        foreach (ContentPart part in parts)
        {
            BinaryPrimitives.WriteInt64LittleEndian(length, part.File is null ? part.Length : -part.Length);
            hash.AppendData(length);
            hash.AppendData(part.File is { } file ? Encoding.UTF8.GetBytes(Path.GetFileName(file)) : part.Bytes.Span);
        }
        return new ServedContent { Parts = parts, Tag = Convert.ToHexStringLower(hash.GetHashAndReset()) };
    }
}
