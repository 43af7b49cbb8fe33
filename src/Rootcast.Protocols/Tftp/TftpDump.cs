using System.Globalization;

namespace Rootcast.Protocols.Tftp;

/// <summary>A TFTP packet as a line of text.</summary>
public static class TftpDump
{
    /// <summary>The line.</summary>
    public static string Text(TftpPacket packet) =>
        packet switch
        {
            TftpRequest request => $"{(request.IsWrite ? "write" : "read")} {request.File} {request.Mode}{Options(request.Options)}",
            TftpData data => string.Create(CultureInfo.InvariantCulture, $"data {data.Block}, {data.Content.Length} bytes"),
            TftpAcknowledgement acknowledgement => string.Create(CultureInfo.InvariantCulture, $"acknowledge {acknowledgement.Block}"),
            TftpOptionAcknowledgement acknowledgement => "options" + Options(acknowledgement.Options),
            TftpError error => string.Create(CultureInfo.InvariantCulture, $"error {(int)error.Code} {error.Text}"),
            _ => "",
        };

    private static string Options(IReadOnlyList<TftpOption> options)
    {
        string text = "";
        foreach (TftpOption option in options)
        {
            text += $" {option.Name}={option.Value}";
        }
        return text;
    }
}
