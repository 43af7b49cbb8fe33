using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Rootcast.Linux.Files;

namespace Rootcast.Lab.Measuring;

/// <summary>How much of a machine's memory was ever touched, as its hypervisor sees it: pages of the file that holds it
/// (<see cref="Machines.Machine.CountsTouched"/>). It never shrinks, so at the end it is the peak, with what firmware and kernel took before anything
/// could look. The file stays open: its pages can be counted when QEMU is gone, and are given back when this is disposed.</summary>
/// <param name="processFile">Where QEMU writes its number.</param>
public sealed class TouchedMemory(string processFile) : IDisposable
{
    private const string Name = "/memfd:memory-backend-memfd";
    private SafeFileHandle? memory;

    /// <summary>Bytes so far; null where they can't be told (yet).</summary>
    public long? Bytes()
    {
        memory ??= Open();
        return memory is null ? null : FileNodes.Status(memory).AllocatedBytes;
    }

    /// <inheritdoc/>
    public void Dispose() => memory?.Dispose();

    private SafeFileHandle? Open()
    {
        if (
            !File.Exists(processFile)
            || !int.TryParse(
                File.ReadAllText(processFile).AsSpan().Trim(),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out int process
            )
        )
        {
            return null;
        }
        try
        {
            string? descriptor = Directory
                .EnumerateFiles($"/proc/{process}/fd")
                .FirstOrDefault(descriptor => new FileInfo(descriptor).LinkTarget?.StartsWith(Name, StringComparison.Ordinal) == true);
            return descriptor is null ? null : File.OpenHandle(descriptor, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended meanwhile.
            return null;
        }
    }
}
