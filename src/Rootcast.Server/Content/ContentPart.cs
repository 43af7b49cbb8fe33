namespace Rootcast.Server.Content;

/// <summary>A stretch of something that is served: bytes in memory, or a whole file.</summary>
public readonly record struct ContentPart
{
    private ContentPart(ReadOnlyMemory<byte> bytes, string? file, long length)
    {
        Bytes = bytes;
        File = file;
        Length = length;
    }

    /// <summary>The bytes; empty for a file.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Path of the file; null for bytes.</summary>
    public string? File { get; }

    /// <summary>How many bytes.</summary>
    public long Length { get; }

    /// <summary>Bytes in memory.</summary>
    public static ContentPart Of(ReadOnlyMemory<byte> bytes) => new(bytes, null, bytes.Length);

    /// <summary>A file that has that many bytes, and keeps them while it has that name.</summary>
    public static ContentPart Of(string file, long length) => new(default, file, length);
}
