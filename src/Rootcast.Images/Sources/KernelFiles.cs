namespace Rootcast.Images.Sources;

/// <summary>A kernel that is here.</summary>
/// <param name="Version">As <c>uname -r</c> prints it.</param>
/// <param name="ImagePath">The bzImage.</param>
/// <param name="ModulesDirectory">The directory of its modules with <c>modules.dep</c> and the other indexes of depmod: ends in
/// <c>/modules/VERSION</c> for Debian's.</param>
public sealed record KernelFiles(string Version, string ImagePath, string ModulesDirectory);
