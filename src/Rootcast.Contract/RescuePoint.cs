namespace Rootcast.Contract;

/// <summary>Where <c>rootcast.rescue</c> stops a boot for a shell.</summary>
public enum RescuePoint
{
    /// <summary>Nowhere.</summary>
    None,

    /// <summary>Before the artefact is looked for.</summary>
    Artefact,

    /// <summary>When the root is mounted, before the handover.</summary>
    Handover,
}
