using Rootcast.Contract;

namespace Rootcast.Lab.Boots;

/// <summary>What a boot showed.</summary>
public sealed record BootReport
{
    /// <summary>How the watching ended.</summary>
    public required BootEnding Ending { get; init; }

    /// <summary>The marks in the order in which they came.</summary>
    public required IReadOnlyList<Mark> Marks { get; init; }

    /// <summary>Memory at <c>ready</c>; null when the guest did not get there.</summary>
    public GuestMemory? Memory { get; init; }

    /// <summary>The most memory in use (as <see cref="GuestMemory.InUse"/>) while init worked, in bytes; 0 when it did not say.</summary>
    public long InitPeakMemory { get; init; }

    /// <summary>The most that init itself had resident, in bytes; 0 when it did not say.</summary>
    public long InitPeakResident { get; init; }

    /// <summary>The write test; null when none was asked for or it failed.</summary>
    public WriteMeasurement? Write { get; init; }

    /// <summary>Init's failure screen, empty when there was none.</summary>
    public required IReadOnlyList<string> FailureScreen { get; init; }

    /// <summary>Every line the guest sent, the ones above included.</summary>
    public required IReadOnlyList<GuestEvent> Events { get; init; }

    /// <summary>Everything the guest wrote to its console.</summary>
    public required string ConsoleLog { get; init; }

    /// <summary>What QEMU itself said on its standard error.</summary>
    public string Complaints { get; init; } = "";

    /// <summary>From the last mark to the machine's end or the end of the watching, by this host's clock.</summary>
    public TimeSpan AfterLastMark { get; init; }

    /// <summary>Bytes that reached the machine to be booted: kernel, initrd, and the artefact where it is not in the initrd.</summary>
    public long DeliveredBytes { get; init; }

    /// <summary>Whether the guest's system reached its default target.</summary>
    public bool Ready => TimeOf(Contract.Marks.Ready) is not null;

    /// <summary>When a mark came, since the kernel's start; null when it did not.</summary>
    public TimeSpan? TimeOf(string mark)
    {
        foreach (Mark seen in Marks)
        {
            if (seen.Name == mark)
            {
                return seen.Time;
            }
        }
        return null;
    }
}
