namespace Rootcast.Lab.Measuring;

/// <summary>One boot of the search for the least memory.</summary>
/// <param name="MemoryBytes">With so much.</param>
/// <param name="Ready">Whether it got ready.</param>
/// <param name="Ending">How the boot ended, in words.</param>
public sealed record LeastAttempt(long MemoryBytes, bool Ready, string Ending);
