using Rootcast.Images.Progress;
using Rootcast.Linux.Libraries;

namespace Rootcast.Images.Forms;

/// <summary>Compresses a file into another. Level 9: on a Debian tree of 241 MB it takes 2.9 s of two cores for 64.0 MB, level 3 takes 0.9 s for
/// 72.9, level 12 5.3 s for 63.5, level 19 83 s for 56.7.</summary>
internal static class ZstdFile
{
    public const int Level = 9;

    private const int CopyBytes = 1 << 20;

    /// <summary>What decides the output beside the input.</summary>
    public static string Settings { get; } = $"zstd level {Level}, workers";

    /// <summary>Threads, at least one: with none, zstd cuts its jobs elsewhere and the bytes would depend on the machine.</summary>
    public static int Workers => Math.Clamp(Environment.ProcessorCount, 1, 16);

    public static void Compress(string from, string to, IProgressStage stage, CancellationToken cancellation)
    {
        using FileStream source = new(from, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        using FileStream sink = new(to, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
        using ZstdCompressStream compressor = new(sink, Level, Workers, leaveOpen: true);
        byte[] buffer = new byte[CopyBytes];
        long total = source.Length;
        long done = 0;
        while (source.Read(buffer) is > 0 and int length)
        {
            compressor.Write(buffer.AsSpan(0, length));
            stage.Report(done += length, total);
            cancellation.ThrowIfCancellationRequested();
        }
        compressor.Finish();
    }
}
