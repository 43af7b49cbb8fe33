namespace Rootcast.Cli.Data;

/// <summary>What <c>try --json</c> prints.</summary>
internal sealed record TryData(HostData Host, IReadOnlyList<BootData> Rows);
