using System.Globalization;
using System.Text;

namespace Rootcast.Protocols.Dhcp;

/// <summary>A DHCP message as text.</summary>
public static class DhcpDump
{
    /// <summary>A line a field, then a line an option.</summary>
    public static string Text(DhcpMessage message)
    {
        StringBuilder text = new();
        Line("operation", message.IsReply ? "reply" : "request");
        Line("type", message.Type.ToString());
        Line("transaction", message.TransactionId.ToString("x8", CultureInfo.InvariantCulture));
        Line("seconds", message.Seconds.ToString(CultureInfo.InvariantCulture));
        Line("broadcast", message.Broadcast ? "yes" : "no");
        Line("client address", message.ClientAddress.ToString());
        Line("your address", message.YourAddress.ToString());
        Line("server address", message.ServerAddress.ToString());
        Line("relay address", message.RelayAddress.ToString());
        Line("hardware", $"{message.HardwareType} {Convert.ToHexStringLower(message.HardwareAddress.Span)}");
        Line("server name", $"\"{Printable(message.ServerName)}\"");
        Line("boot file", $"\"{Printable(message.BootFile)}\"");
        foreach (DhcpOption option in message.Options)
        {
            Line($"option {(int)option.Code}", $"{option.Code} {Convert.ToHexStringLower(option.Data.Span)}".TrimEnd());
        }
        return text.ToString();

        void Line(string name, string value) => text.Append(name).Append(": ").Append(value).Append('\n');
    }

    private static string Printable(string text)
    {
        StringBuilder printable = new(text.Length);
        foreach (char c in text)
        {
            printable.Append(c is >= ' ' and <= '~' ? c : '.');
        }
        return printable.ToString();
    }
}
