namespace Rootcast.Lab.Footprints;

/// <summary>A file that no path leads to and that a process holds open or maps: deleted, or made without a name (memfd).</summary>
/// <param name="Name">What /proc shows: <c>/memfd:wayland (deleted)</c>.</param>
/// <param name="Pid">A process that holds it.</param>
/// <param name="FileSystem">The number of its file system.</param>
/// <param name="IsShared">Whether it is in shared memory.</param>
/// <param name="Bytes">What of it is in memory.</param>
public sealed record UnnamedFile(string Name, int Pid, ulong FileSystem, bool IsShared, long Bytes);
