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
            [0x04, 0x22, 0x4D, 0x18, ..] or [0x02, 0x21, 0x4C, 0x18, ..] => "lz4",
            [0x89, (byte)'L', (byte)'Z', (byte)'O', ..] => "lzop",
            [0x5D, 0, 0, ..] => "lzma",
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
        await using FileStream input = new(source, FileMode.Open, FileAccess.Read, FileShare.Read, 0);
        await UnpackAsync(program, input, destination, log, cancellation);
    }

    /// <summary>Unpacks a stream into a file.</summary>
    internal static async Task UnpackAsync(
        string program,
        Stream source,
        string destination,
        Action<string>? log,
        CancellationToken cancellation
    )
    {
        await using FileStream output = new(destination, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 20);
        await ReadAsync(program, source, (stream, token) => stream.CopyToAsync(output, 1 << 20, token), log, cancellation);
    }

    /// <summary>The first unpacked bytes of a stream; fewer than asked when there are no more, or what follows is damaged.</summary>
    internal static async Task<byte[]> HeadAsync(
        string program,
        Stream source,
        int count,
        Action<string>? log,
        CancellationToken cancellation
    )
    {
        byte[] head = new byte[count];
        int got = 0;
        using CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            await ReadAsync(
                program,
                source,
                async (stream, token) =>
                {
                    while (got < count && await stream.ReadAsync(head.AsMemory(got), token) is > 0 and int more)
                    {
                        got += more;
                    }
                    // The rest would be read for nothing.
                    await enough.CancelAsync();
                },
                log,
                enough.Token
            );
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return head[..got];
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException)
        {
            return head[..got];
        }
        return head[..got];
    }

    private static async Task ReadAsync(
        string program,
        Stream source,
        Func<Stream, CancellationToken, Task> read,
        Action<string>? log,
        CancellationToken cancellation
    )
    {
        if (program == "zstd")
        {
            await using ZstdDecompressStream unpacked = new(source, leaveOpen: true);
            await read(unpacked, cancellation);
            cancellation.ThrowIfCancellationRequested();
            return;
        }
        await new Tool(program == "lzma" ? "xz" : program, "-dc")
        {
            Input = (stream, token) => source.CopyToAsync(stream, 1 << 20, token),
            Output = read,
            Hint = "The archive is damaged or was cut: make or fetch it again.",
            Log = log,
        }.RunAsync(cancellation);
    }
}
