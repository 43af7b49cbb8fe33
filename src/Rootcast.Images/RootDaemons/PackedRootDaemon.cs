using Rootcast.Contract;

namespace Rootcast.Images.RootDaemons;

/// <summary>A root daemon as the initramfs has it.</summary>
/// <param name="Daemon">What init starts.</param>
/// <param name="Archive">A tar on this host: what is in the daemon's root.</param>
public sealed record PackedRootDaemon(RootDaemon Daemon, string Archive);
