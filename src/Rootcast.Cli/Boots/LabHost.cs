using Rootcast.Contract;
using Rootcast.Images.Progress;
using Rootcast.Images.Store;
using Rootcast.Lab.Running;

namespace Rootcast.Cli.Boots;

/// <summary>What this host boots machines with.</summary>
/// <param name="Qemu">Its QEMU.</param>
/// <param name="Choice">Its accelerator.</param>
internal sealed record LabHost(QemuProgram Qemu, AcceleratorChoice Choice)
{
    /// <summary>Looks for QEMU and probes the accelerator with the image's kernel; says what it found.</summary>
    public static async Task<LabHost> FindAsync(
        ImageStore store,
        ImageManifest image,
        IProgressDisplay progress,
        CancellationToken cancellation
    )
    {
        QemuProgram qemu = await QemuProgram.RequireAsync(cancellation);
        AcceleratorProbe probe = new(qemu, Paths.AcceleratorMemory);
        AcceleratorChoice choice = await probe.ChooseAsync(store.PathOf(image.Kernels[0].Blob), cancellation);
        LabHost host = new(qemu, choice);
        progress.Say($"QEMU {qemu.Version} with {choice.Accelerator.ToString().ToUpperInvariant()}: {choice.Reason}");
        if (qemu.Warning is { } warning)
        {
            progress.Say($"warning: {warning}");
        }
        return host;
    }
}
