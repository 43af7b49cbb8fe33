namespace Rootcast.Server;

/// <summary>A line of the server's log.</summary>
/// <param name="Part">Which part speaks: <c>http</c>, <c>tftp</c>, <c>dhcp</c>.</param>
/// <param name="Client">Address or hardware address of who it is about.</param>
/// <param name="Text">What happened; printable.</param>
public readonly record struct ServerEvent(string Part, string Client, string Text)
{
    /// <summary>As it stands in the log.</summary>
    public override string ToString() => $"{Part} {Client} {Text}";
}
