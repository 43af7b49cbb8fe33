using System.Text;
using Microsoft.Win32.SafeHandles;
using Rootcast.Linux.Files;

namespace Rootcast.Images.Cpio;

/// <summary>A file of the host that is opened once, whether it is looked into, put into an archive, or both.</summary>
/// <param name="path">Where it is, links followed.</param>
/// <param name="status">What it was when it was found.</param>
internal sealed class OpenedFile(string path, FileStatus status) : IDisposable
{
    private const OpenFlags Flags = OpenFlags.ReadOnly | OpenFlags.NoFollow | OpenFlags.NonBlocking | OpenFlags.NoTerminal;

    private SafeFileHandle? _handle;

    /// <summary>Where it is.</summary>
    public string Path { get; } = path;

    /// <summary>What it was when it was found.</summary>
    public FileStatus Status { get; } = status;

    /// <summary>The open file, which this object closes.</summary>
    /// <param name="errno">0, or why it cannot be opened; the handle is invalid then.</param>
    public SafeFileHandle Handle(out int errno)
    {
        errno = 0;
        if (_handle is { IsClosed: false })
        {
            return _handle;
        }
        return _handle = FileNodes.TryOpen(null, Encoding.UTF8.GetBytes(Path), Flags, 0, out errno);
    }

    /// <summary>All its bytes.</summary>
    public byte[] ReadAll() => ReadStart(Status.Size);

    /// <summary>Its first bytes, as many as there are.</summary>
    public byte[] ReadStart(long most)
    {
        SafeFileHandle handle = Handle(out int errno);
        if (errno != 0)
        {
            throw Linux.Syscall.Failed("read", Path, errno);
        }
        byte[] bytes = new byte[Math.Min(most, Status.Size)];
        int got = FileData.ReadAt(handle, bytes, 0, Path);
        return got == bytes.Length ? bytes : bytes[..got];
    }

    /// <summary>Closes it; it can be opened again.</summary>
    public void Dispose() => _handle?.Dispose();
}
