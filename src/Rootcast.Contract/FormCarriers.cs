namespace Rootcast.Contract;

/// <summary>Which carriers can bring which form.</summary>
public static class FormCarriers
{
    /// <summary>Whether the carrier can: what is mounted where it lies for writing has to lie on a disk.</summary>
    public static bool Fit(Form form, Carrier carrier) => form != Form.Disk || carrier == Carrier.Disk;
}
