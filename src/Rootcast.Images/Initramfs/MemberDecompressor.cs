using Rootcast.Formats.Cpio;
using Rootcast.Images.Tools;
using Rootcast.Linux.Libraries;

namespace Rootcast.Images.Initramfs;

/// <summary>Opens the compressed members of an initrd that the reader does not open itself: zstd in this process, the others by their programs, through
/// a temporary file that is gone with this object.</summary>
internal sealed class MemberDecompressor : IDisposable
{
    private const int CopyBytes = 1 << 16;

    private readonly List<string> _files = [];

    /// <summary>An <see cref="InitrdDecompressor"/>.</summary>
    public Stream? Open(InitrdCompression compression, Stream compressed) =>
        compression switch
        {
            InitrdCompression.Zstd => new ZstdDecompressStream(compressed, leaveOpen: true),
            InitrdCompression.Lz4Legacy when Tool.Find("lz4") is not null => ByTool(
                new Tool("lz4", "-d", "-q", "-c", "-"),
                compressed.CopyTo
            ),
            InitrdCompression.Xz when Tool.Find("xz") is not null => ByTool(
                new Tool("xz", "--decompress", "--stdout", "--single-stream"),
                into => CopyXz(compressed, into)
            ),
            // They end where a bare archive or the initrd does; NULs may come before that.
            InitrdCompression.Bzip2 when Tool.Find("bzip2") is not null => ByTool(new Tool("bzip2", "-dc"), compressed.CopyTo),
            InitrdCompression.Lzma when Tool.Find("xz") is not null => ByTool(
                new Tool("xz", "--format=lzma", "--decompress", "--stdout", "--single-stream"),
                compressed.CopyTo
            ),
            InitrdCompression.Lzo when Tool.Find("lzop") is not null => ByTool(new Tool("lzop", "-dc"), compressed.CopyTo),
            _ => null,
        };

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (string file in _files)
        {
            File.Delete(file);
        }
    }

    /// <summary>Copies just one xz stream, and gives what was read behind it back.</summary>
    private static void CopyXz(Stream compressed, Stream into)
    {
        XzStreamEnd end = new();
        byte[] buffer = new byte[CopyBytes];
        while (compressed.Read(buffer) is > 0 and int length)
        {
            int own = end.Find(buffer.AsSpan(0, length));
            if (own >= 0)
            {
                into.Write(buffer.AsSpan(0, own));
                compressed.Seek(own - length, SeekOrigin.Current);
                return;
            }
            into.Write(buffer.AsSpan(0, length));
        }
    }

    private FileStream ByTool(Tool tool, Action<Stream> feed)
    {
        string path = Path.GetTempFileName();
        _files.Add(path);
        // The reader wants a stream at once and works in one thread, so this waits for the program.
        Task run = Task.Run(async () =>
        {
            await using FileStream output = new(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
            Tool filter = tool with
            {
                Input = (input, _) =>
                {
                    feed(input);
                    return Task.CompletedTask;
                },
                Output = (bytes, token) => bytes.CopyToAsync(output, token),
            };
            await filter.RunAsync();
        });
        run.GetAwaiter().GetResult();
        return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
    }
}
