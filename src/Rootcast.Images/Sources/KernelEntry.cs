using Rootcast.Images.Tools;

namespace Rootcast.Images.Sources;

/// <summary>A kernel in the build cache: <c>root/boot/IMAGE</c>, <c>root/usr/lib/modules/VERSION</c> with kmod's indexes, and a note of both names.</summary>
internal static class KernelEntry
{
    /// <summary>Where the modules of a kernel are put.</summary>
    internal static string ModulesIn(string entry) => Path.Combine(RootIn(entry), "usr", "lib", "modules");

    /// <summary>Where the image is put.</summary>
    internal static string ImagesIn(string entry) => Path.Combine(RootIn(entry), "boot");

    /// <summary>The root of the kernel's files.</summary>
    internal static string RootIn(string entry) => Path.Combine(entry, "root");

    /// <summary>Indexes the modules and notes the kernel; image and modules are in place by now.</summary>
    internal static async Task FinishAsync(string entry, string image, string version, Action<string>? log, CancellationToken cancellation)
    {
        File.CreateSymbolicLink(Path.Combine(RootIn(entry), "lib"), "usr/lib");
        await new Tool("depmod", "-b", RootIn(entry), version) { Log = log }.RunAsync(cancellation);
        await File.WriteAllTextAsync(Path.Combine(entry, "kernel"), $"{version}\n{image}\n", cancellation);
    }

    /// <summary>Reads what was noted.</summary>
    internal static KernelFiles Load(string entry)
    {
        string[] lines = File.ReadAllLines(Path.Combine(entry, "kernel"));
        return new KernelFiles(lines[0], Path.Combine(ImagesIn(entry), lines[1]), Path.Combine(ModulesIn(entry), lines[0]));
    }
}
