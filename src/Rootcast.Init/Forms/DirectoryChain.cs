using Microsoft.Win32.SafeHandles;
using Rootcast.Formats;
using Rootcast.Linux;
using Rootcast.Linux.Files;

namespace Rootcast.Init.Forms;

/// <summary>Open directories from a root down to where one stands. The next path shares most of them, so in a sorted archive a directory is
/// opened once. No symbolic link is ever followed.</summary>
/// <param name="root">Stays the caller's.</param>
public sealed class DirectoryChain(SafeFileHandle root) : IDisposable
{
    private readonly List<(byte[] Name, SafeFileHandle Handle)> open = [];

    /// <summary>Opens a directory below the root.</summary>
    /// <param name="path">Without leading and trailing slashes; empty for the root itself.</param>
    /// <param name="create">Whether directories that are missing are made (0755, root's).</param>
    /// <returns>Valid until the next call.</returns>
    /// <exception cref="InvalidDataException">A part of the path is not a directory.</exception>
    public SafeFileHandle Open(UnixPath path, bool create)
    {
        ReadOnlySpan<byte> rest = path.Bytes;
        int depth = 0;
        while (!rest.IsEmpty)
        {
            int slash = rest.IndexOf((byte)'/');
            ReadOnlySpan<byte> name = slash < 0 ? rest : rest[..slash];
            rest = slash < 0 ? default : rest[(slash + 1)..];
            if (depth == open.Count || !name.SequenceEqual(open[depth].Name))
            {
                CloseFrom(depth);
                open.Add((name.ToArray(), Enter(depth == 0 ? root : open[depth - 1].Handle, name, path, create)));
            }
            depth++;
        }
        CloseFrom(depth);
        return depth == 0 ? root : open[depth - 1].Handle;
    }

    /// <inheritdoc/>
    public void Dispose() => CloseFrom(0);

    private static SafeFileHandle Enter(SafeFileHandle parent, ReadOnlySpan<byte> name, UnixPath path, bool create)
    {
        const OpenFlags flags = OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow;
        SafeFileHandle handle = FileNodes.TryOpen(parent, name, flags, 0, out int errno);
        if (errno == Errno.NoEntry && create)
        {
            handle.Dispose();
            FileNodes.MakeDirectory(parent, name, 0x1ED);
            handle = FileNodes.TryOpen(parent, name, flags, 0, out errno);
        }
        if (errno == 0)
        {
            return handle;
        }
        handle.Dispose();
        const int tooManyLinks = 40;
        throw errno is Errno.NotDirectory or tooManyLinks
            ? new InvalidDataException(
                $"the archive puts entries below {path}, of which a part is not a directory (a symbolic link is not followed)"
            )
            : Syscall.Failed("open directory", path.ToString(), errno);
    }

    private void CloseFrom(int depth)
    {
        for (int i = open.Count - 1; i >= depth; i--)
        {
            open[i].Handle.Dispose();
            open.RemoveAt(i);
        }
    }
}
