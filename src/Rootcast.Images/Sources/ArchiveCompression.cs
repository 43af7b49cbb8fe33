using Rootcast.Images.Tools;
using Rootcast.Linux.Libraries;

namespace Rootcast.Images.Sources;

/// <summary>How an archive is compressed, by its first bytes, and how it is undone.</summary>
internal static class ArchiveCompression
{
    /// <summary>The program that undoes it, <c>zstd</c> for what needs none, or null when nothing is compressed.</summary>
    internal static string? Of(ReadOnlySpan<byte> start) =>
        start switch
        {
            [0x1F, 0x8B, ..] => "gzip",
            [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, ..] => "xz",
            [(byte)'B', (byte)'Z', (byte)'h', >= (byte)'1' and <= (byte)'9', ..] => "bzip2",
            [0x04, 0x22, 0x4D, 0x18, ..] => "lz4",
            [0x28, 0xB5, 0x2F, 0xFD, ..] => "zstd",
            [>= 0x50 and <= 0x5F, 0x2A, 0x4D, 0x18, ..] => "zstd",
            _ => null,
        };

    /// <inheritdoc cref="Of(ReadOnlySpan{byte})"/>
    internal static string? OfFile(string path)
    {
        using FileStream file = File.OpenRead(path);
        byte[] start = new byte[8];
        return Of(start.AsSpan(0, file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)));
    }

    /// <summary>Unpacks one file into another.</summary>
    internal static async Task UnpackAsync(
        string program,
        string source,
        string destination,
        Action<string>? log,
        CancellationToken cancellation
    )
    {
        await using FileStream output = new(destination, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 20);
        if (program == "zstd")
        {
            await using FileStream input = new(source, FileMode.Open, FileAccess.Read, FileShare.Read, 0);
            await using ZstdDecompressStream unpacked = new(input);
            byte[] buffer = new byte[1 << 20];
            while (unpacked.Read(buffer) is var got and > 0)
            {
                cancellation.ThrowIfCancellationRequested();
                output.Write(buffer.AsSpan(0, got));
            }
            return;
        }
        await new Tool(program, "-dc", "--", source)
        {
            Output = (stream, token) => stream.CopyToAsync(output, 1 << 20, token),
            Hint = "The archive is damaged or was cut: make or fetch it again.",
            Log = log,
        }.RunAsync(cancellation);
    }
}
