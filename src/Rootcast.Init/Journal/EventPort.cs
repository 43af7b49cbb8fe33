using System.Text;
using Microsoft.Win32.SafeHandles;
using Rootcast.Contract;
using Rootcast.Linux.Files;

namespace Rootcast.Init.Journal;

/// <summary>The virtio-serial port <see cref="GuestEvent.Port"/> through which a lab listens. The kernel names it below
/// /sys/class/virtio-ports once virtio_console is loaded and the host has told it the name.</summary>
public sealed class EventPort
{
    private const string Ports = "/sys/class/virtio-ports";
    private readonly SafeFileHandle handle;

    private EventPort(SafeFileHandle handle, string path)
    {
        this.handle = handle;
        Path = path;
    }

    /// <summary><c>/dev/vport1p1</c>.</summary>
    public string Path { get; }

    /// <summary>Opens the port; null when there is none (yet).</summary>
    public static EventPort? TryOpen()
    {
        if (Find(GuestEvent.Port) is not { } path)
        {
            return null;
        }
        SafeFileHandle port = FileNodes.TryOpen(
            null,
            Encoding.UTF8.GetBytes(path),
            OpenFlags.WriteOnly | OpenFlags.NonBlocking,
            0,
            out int errno
        );
        return errno == 0 ? new EventPort(port, path) : null;
    }

    /// <summary>Whether the lab has a port of that name.</summary>
    public static bool Exists(string name) => Find(name) is not null;

    /// <summary>The device of the port that the lab calls so; null when there is none (yet).</summary>
    private static string? Find(string wanted)
    {
        using SafeFileHandle directory = FileNodes.TryOpen(null, "/sys/class/virtio-ports"u8, OpenFlags.ReadOnly, 0, out int errno);
        if (errno != 0)
        {
            return null;
        }
        foreach (DirectoryItem item in DirectoryListing.Read(directory, Ports))
        {
            string name = Encoding.UTF8.GetString(item.Name);
            if (SmallFile.TryReadText($"{Ports}/{name}/name") == wanted)
            {
                return $"/dev/{name}";
            }
        }
        return null;
    }

    /// <summary>Sends a line. A boot never waits for its observer: what the port does not take now is dropped.</summary>
    public void Send(GuestEvent guestEvent)
    {
        byte[] line = Encoding.UTF8.GetBytes(guestEvent.ToString());
        int length = Math.Min(line.Length, GuestEvent.LongestLine - 1);
        Array.Resize(ref line, length + 1);
        line[length] = (byte)'\n';
        _ = FileData.TryWrite(handle, line, out int _);
    }
}
