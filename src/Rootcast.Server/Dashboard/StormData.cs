namespace Rootcast.Server.Dashboard;

/// <summary>What the server sends at this moment.</summary>
/// <param name="BytesPerSecond">Of content, to everybody, since it was last said.</param>
/// <param name="Running">Downloads that run.</param>
/// <param name="Places">How many may.</param>
/// <param name="Waiting">Machines that wait for their turn.</param>
internal sealed record StormData(long BytesPerSecond, int Running, int Places, int Waiting);
