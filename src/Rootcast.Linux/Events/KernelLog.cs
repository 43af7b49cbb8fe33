using System.Text;
using Microsoft.Win32.SafeHandles;
using Rootcast.Linux.Files;

namespace Rootcast.Linux.Events;

/// <summary>/dev/kmsg: the kernel's own log, to write into and to read what it said (Documentation/ABI/testing/dev-kmsg).</summary>
public sealed class KernelLog : IDisposable
{
    private readonly SafeFileHandle handle;
    private readonly byte[] buffer = new byte[8192];

    private KernelLog(SafeFileHandle handle) => this.handle = handle;

    /// <summary>Opens it for writing and for reading what comes from now on; null when there is none or we may not.</summary>
    public static KernelLog? TryOpen()
    {
        SafeFileHandle opened = FileNodes.TryOpen(null, "/dev/kmsg"u8, OpenFlags.ReadWrite | OpenFlags.NonBlocking, 0, out int errno);
        if (errno != 0)
        {
            opened.Dispose();
            return null;
        }
        KernelLog log = new(opened);
        const int end = 2;
        _ = Native.Libc.lseek(opened, 0, end);
        return log;
    }

    /// <summary>The kernel's own messages that it still has, oldest first; empty where we may not read them.</summary>
    public static IReadOnlyList<string> All()
    {
        SafeFileHandle opened = FileNodes.TryOpen(null, "/dev/kmsg"u8, OpenFlags.ReadOnly | OpenFlags.NonBlocking, 0, out int errno);
        using KernelLog log = new(opened);
        const int debug = 7;
        return errno == 0 ? log.ReadNew(debug) : [];
    }

    /// <summary>Writes a line; what does not fit the kernel's 1,024 bytes or is not taken (rate limit) is dropped.</summary>
    /// <param name="level">syslog's: 3 error, 4 warning, 5 notice, 6 information.</param>
    /// <param name="line">Without a newline.</param>
    public void Write(int level, string line)
    {
        byte[] bytes = Encoding.UTF8.GetBytes($"<{level}>{line}");
        _ = FileData.TryWrite(handle, bytes.AsSpan(0, Math.Min(bytes.Length, 976)), out _);
    }

    /// <summary>The messages of warning and worse since the last call (or since opening), oldest first.</summary>
    /// <param name="worst">Messages up to this level: 4 warnings, 6 everything but debug.</param>
    public IReadOnlyList<string> ReadNew(int worst = 4)
    {
        List<string> lines = [];
        while (true)
        {
            int length = FileData.TryRead(handle, buffer, out int errno);
            const int overwritten = 32;
            if (errno == overwritten)
            {
                continue;
            }
            if (length <= 0)
            {
                return lines;
            }
            if (Message(buffer.AsSpan(0, length), worst) is { } line)
            {
                lines.Add(line);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => handle.Dispose();

    /// <summary>A record is <c>PRIORITY,SEQUENCE,MICROSECONDS,FLAGS;TEXT\n</c>, then lines that begin with a space.</summary>
    internal static string? Message(ReadOnlySpan<byte> record, int worst)
    {
        int semicolon = record.IndexOf((byte)';');
        int comma = record.IndexOf((byte)',');
        if (semicolon < 0 || comma < 0 || comma > semicolon || !int.TryParse(record[..comma], out int priority))
        {
            return null;
        }
        const int levelMask = 7;
        const int facilityShift = 3;
        if ((priority & levelMask) > worst || priority >> facilityShift != 0)
        {
            return null;
        }
        ReadOnlySpan<byte> text = record[(semicolon + 1)..];
        int newline = text.IndexOf((byte)'\n');
        return Encoding.UTF8.GetString(newline < 0 ? text : text[..newline]);
    }
}
