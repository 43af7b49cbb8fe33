using System.IO.Compression;
using Rootcast.Formats.Cpio;
using Rootcast.Images.Tools;
using Rootcast.Linux.Libraries;

namespace Rootcast.Images.Initramfs;

/// <summary>Writes a draft's archive to a file, compressed so that kernels can read it.</summary>
internal static class InitramfsCompressor
{
    // 14.9 MB of init and 60 modules: level 9 0.4 s for 4.27 MB, 15 2.5 s for 4.22, 19 about 9 s for 3.79.
    public const int ZstdLevel = 9;

    /// <summary>What decides the bytes beside the archive.</summary>
    public static string Describe(InitrdCompression compression) =>
        compression == InitrdCompression.Zstd ? $"zstd {ZstdLevel}" : compression.ToString();

    public static async Task WriteAsync(InitramfsDraft draft, InitrdCompression compression, string path, CancellationToken cancellation)
    {
        await using FileStream file = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
        switch (compression)
        {
            case InitrdCompression.None:
                draft.Write(file, cancellation);
                break;
            case InitrdCompression.Gzip:
                await using (GZipStream gzip = new(file, CompressionLevel.SmallestSize, leaveOpen: true))
                {
                    draft.Write(gzip, cancellation);
                }
                break;
            case InitrdCompression.Zstd:
                await using (ZstdCompressStream zstd = new(file, ZstdLevel, leaveOpen: true))
                {
                    draft.Write(zstd, cancellation);
                }
                break;
            case InitrdCompression.Xz:
                // The kernel's decoder has no CRC64.
                await FilterAsync(new Tool("xz", "--check=crc32", "--stdout", "--threads=1"), draft, file, cancellation);
                break;
            case InitrdCompression.Lz4Legacy:
                await FilterAsync(new Tool("lz4", "-l", "-9", "-c", "-q", "-"), draft, file, cancellation);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(compression), compression, "nothing here compresses so");
        }
    }

    private static async Task FilterAsync(Tool tool, InitramfsDraft draft, FileStream file, CancellationToken cancellation)
    {
        Tool filter = tool with
        {
            Input = (input, token) =>
            {
                draft.Write(input, token);
                return Task.CompletedTask;
            },
            Output = (output, token) => output.CopyToAsync(file, token),
        };
        await filter.RunAsync(cancellation);
    }
}
