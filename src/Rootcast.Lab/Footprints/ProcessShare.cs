namespace Rootcast.Lab.Footprints;

/// <summary>What a process maps, for the eye: only <see cref="Anonymous"/> is also a row, the pages of the other two belong to a file system's.</summary>
/// <param name="Pid">Its number.</param>
/// <param name="Name">Its name.</param>
/// <param name="Anonymous">Its own data, in bytes.</param>
/// <param name="File">Its part of mapped files' pages, in bytes.</param>
/// <param name="Shared">Its part of mapped shared memory, in bytes.</param>
public sealed record ProcessShare(int Pid, string Name, long Anonymous, long File, long Shared);
