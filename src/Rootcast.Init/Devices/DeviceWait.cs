using Rootcast.Contract;

namespace Rootcast.Init.Devices;

/// <summary>Waits for a block device that the plan names.</summary>
public static class DeviceWait
{
    /// <summary>Finds it, or says which devices are there instead.</summary>
    /// <param name="boot">The boot; its plan says how long to wait.</param>
    /// <param name="wanted"><c>LABEL=…</c>, <c>UUID=…</c> or <c>/dev/…</c>.</param>
    /// <param name="purpose">What it is for: <c>carrier disk</c>.</param>
    /// <param name="argument">Which argument names it: <c>rootcast.device</c>.</param>
    public static FoundDevice Find(Boot boot, string wanted, string purpose, string argument)
    {
        BlockDeviceSearch search = new(wanted);
        boot.Journal.Say($"looks for {wanted}");
        FoundDevice device =
            boot.Devices.WaitFor(boot.Plan.Timeout, search.Find)
            ?? throw new UserError(
                $"{purpose}: no block device is {wanted} after {boot.Plan.Timeout.TotalSeconds:0} s. {search.Describe()}",
                $"Check {argument}=, that the disk is attached, and that the initramfs has the module of its controller."
            );
        boot.Journal.Say($"{wanted} is {device.Path}{(device.Signature is { } signature ? $" ({signature})" : "")}");
        return device;
    }
}
