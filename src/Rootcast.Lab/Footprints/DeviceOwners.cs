namespace Rootcast.Lab.Footprints;

/// <summary>Whose a block device is: that of the file system on it, or on what stands on it.</summary>
internal sealed class DeviceOwners(IReadOnlyList<ObservedFileSystem> fileSystems, IReadOnlyList<ObservedDevice> devices)
{
    /// <summary>More layers than this are none that anybody built.</summary>
    private const int MostLayers = 16;

    /// <summary>The file system's name as rows have it, or the device's own when nothing is mounted on it.</summary>
    public string Of(ObservedDevice device) => Above(device, 0) ?? device.Name;

    private string? Above(ObservedDevice device, int layer)
    {
        if (fileSystems.FirstOrDefault(mounted => mounted.BlockDevice == device.Number) is { } here)
        {
            return here.Owner;
        }
        if (layer == MostLayers)
        {
            return null;
        }
        foreach (string holder in device.Holders)
        {
            if (devices.FirstOrDefault(other => other.Name == holder) is { } other && Above(other, layer + 1) is { } owner)
            {
                return owner;
            }
        }
        return null;
    }
}
