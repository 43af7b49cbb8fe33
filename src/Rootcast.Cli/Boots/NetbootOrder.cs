using Rootcast.Contract;
using Rootcast.Lab.Netboot;

namespace Rootcast.Cli.Boots;

/// <summary>What <c>rootcast lab netboot</c> is to boot.</summary>
internal sealed record NetbootOrder
{
    public required ImageManifest Image { get; init; }

    /// <summary>How many machines at the same time.</summary>
    public required int Nodes { get; init; }

    public required NetbootFirmware Firmware { get; init; }

    /// <summary>Null takes what <c>rootcast serve</c> takes.</summary>
    public Form? Form { get; init; }

    /// <summary>Of each machine.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>As for <c>rootcast serve</c>; null takes its own.</summary>
    public int? Downloads { get; init; }

    /// <summary>Megabits a second that the server's link carries; null for what the host can.</summary>
    public int? Link { get; init; }

    /// <summary>For each machine to get ready.</summary>
    public required TimeSpan Deadline { get; init; }
}
