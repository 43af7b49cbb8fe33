namespace Rootcast.Lab.Measuring;

/// <summary>The search for the least memory that still gets ready.</summary>
/// <param name="Form">Name of the form.</param>
/// <param name="Carrier">Name of the carrier.</param>
/// <param name="Attempts">Each boot of it.</param>
/// <param name="Bytes">The least memory with which every boot got ready; null while the search goes on, or where none did.</param>
public sealed record LeastMemory(string Form, string Carrier, IReadOnlyList<LeastAttempt> Attempts, long? Bytes = null);
