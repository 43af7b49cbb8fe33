namespace Rootcast.Protocols.Tftp;

/// <summary>What a client wants.</summary>
/// <param name="IsWrite">Whether it wants to write.</param>
/// <param name="File">As the client spells it.</param>
/// <param name="Mode"><c>octet</c>, <c>netascii</c>; any case.</param>
/// <param name="Options">RFC 2347; at most 16, each name once.</param>
public sealed record TftpRequest(bool IsWrite, string File, string Mode, IReadOnlyList<TftpOption> Options) : TftpPacket
{
    /// <summary>The value of an option, by its lower-case name; null when it is not asked for.</summary>
    public string? Option(string name)
    {
        foreach (TftpOption option in Options)
        {
            if (string.Equals(option.Name, name, StringComparison.OrdinalIgnoreCase))
            {
                return option.Value;
            }
        }
        return null;
    }
}
