namespace Rootcast.Formats.Modules;

/// <summary>A device node that loads its module when it is opened (a line of modules.devname).</summary>
/// <param name="Module">The module's name.</param>
/// <param name="Path">The node below /dev.</param>
/// <param name="IsBlock">Block device, else character device.</param>
/// <param name="Major">Major number.</param>
/// <param name="Minor">Minor number.</param>
public readonly record struct ModuleDevice(string Module, string Path, bool IsBlock, uint Major, uint Minor);
