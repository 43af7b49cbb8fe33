using System.Text;
using Microsoft.Win32.SafeHandles;
using Rootcast.Linux.Files;
using Rootcast.Linux.Native;

namespace Rootcast.Linux.Processes;

/// <summary>A terminal that people look at.</summary>
public static class Terminal
{
    /// <summary>Writes a line and waits until it has left the machine (tcdrain(3)): a line for the kernel's log may be put on its consoles later,
    /// by another processor.</summary>
    /// <param name="path">The terminal's device.</param>
    /// <param name="line">Without a newline.</param>
    public static void Show(string path, string line)
    {
        using SafeFileHandle terminal = FileNodes.Open(path, OpenFlags.WriteOnly | OpenFlags.NoTerminal);
        FileData.Write(terminal, Encoding.UTF8.GetBytes(line + "\r\n"), path);
        Syscall.Check(Libc.tcdrain(terminal), "drain", path);
    }
}
