using System.Globalization;

namespace Rootcast.Lab.Measuring;

/// <summary>One combination that is measured.</summary>
/// <param name="Form">Name of the form.</param>
/// <param name="Carrier">Name of the carrier.</param>
/// <param name="MemoryBytes">Memory of the machine.</param>
public sealed record MeasureCell(string Form, string Carrier, long MemoryBytes)
{
    /// <summary>For people, where all cells have the same memory: <c>squashfs by http</c>.</summary>
    public string Title => $"{Form} by {Carrier}";

    /// <summary>For people and file names: <c>squashfs-http-2048M</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Form}-{Carrier}-{MemoryBytes >> 20}M");
}
