using Rootcast.Contract;

namespace Rootcast.Images.Loaders;

/// <summary>One line of a boot menu.</summary>
/// <param name="Title">What people read.</param>
/// <param name="Kernel">Path of the kernel on the medium.</param>
/// <param name="Initrd">Path of the initrd on the medium.</param>
/// <param name="CommandLine">The kernel's command line.</param>
public sealed record BootEntry(string Title, string Kernel, string Initrd, KernelArguments CommandLine);
