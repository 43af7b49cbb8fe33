using System.Text;
using Microsoft.Win32.SafeHandles;
using Rootcast.Linux.Native;

namespace Rootcast.Linux.Network;

/// <summary>Sockets that are files (unix(7)).</summary>
public static unsafe class LocalSocket
{
    private const int AF_UNIX = 1;

    /// <summary>What struct sockaddr_un holds, without the NUL at its end.</summary>
    private const int LongestPath = 107;

    /// <summary>Whether somebody takes connections there; the connection is closed at once.</summary>
    public static bool Answers(string path)
    {
        byte[] name = Encoding.UTF8.GetBytes(path);
        if (name.Length > LongestPath)
        {
            throw new ArgumentException($"{path} is longer than the path of a socket may be", nameof(path));
        }
        byte* address = stackalloc byte[sizeof(ushort) + LongestPath + 1];
        new Span<byte>(address, sizeof(ushort) + LongestPath + 1).Clear();
        *(ushort*)address = AF_UNIX;
        name.CopyTo(new Span<byte>(address + sizeof(ushort), LongestPath));
        using SafeFileHandle socket = Libc.socket(AF_UNIX, Libc.SOCK_STREAM | Libc.SOCK_CLOEXEC, 0);
        Syscall.Check(socket.IsInvalid ? -1 : 0, "make a socket for", path);
        return Libc.connect(socket, address, sizeof(ushort) + LongestPath + 1) == 0;
    }
}
