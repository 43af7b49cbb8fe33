namespace Rootcast.Images.Boot;

/// <summary>How a boot plan reaches init.</summary>
public enum PlanPlace
{
    /// <summary>As kernel arguments: the initramfs stays the one that the store has.</summary>
    CommandLine,

    /// <summary>In a segment of its own behind the initramfs: nothing has to be typed or configured where it boots.</summary>
    Segment,
}
