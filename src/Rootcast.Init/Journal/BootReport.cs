using System.Net;
using System.Text;
using Rootcast.Contract;
using Rootcast.Linux;
using Rootcast.Linux.Network;
using Rootcast.Protocols.Http;

namespace Rootcast.Init.Journal;

/// <summary>The address of <c>rootcast.report=</c>, where a boot server listens to how far a boot comes: lines of <see cref="GuestEvent"/>, by POST. The boot never
/// waits for it longer than <see cref="Patience"/>, and once it did not answer no mark goes there any more; the last report has what is missing.</summary>
public sealed class BootReport
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private readonly HttpUrl url;
    private readonly IPAddress address;

    /// <summary>Of a server.</summary>
    /// <param name="url">What is reported to; scheme http.</param>
    /// <param name="address">Of its host.</param>
    public BootReport(HttpUrl url, IPAddress address)
    {
        this.url = url;
        this.address = address;
    }

    /// <summary>What is reported to.</summary>
    public HttpUrl Url => url;

    /// <summary>Its address.</summary>
    public IPAddress Address => address;

    /// <summary>Why nothing can be sent any more; null while something can.</summary>
    public string? Problem { get; private set; }

    /// <summary>The URL of a plan; null when there is none that can be reported to.</summary>
    public static HttpUrl? UrlOf(BootPlan plan) =>
        plan.Report is { } text && HttpUrl.TryParse(text, out HttpUrl? url) && url!.Scheme == "http" ? url : null;

    /// <summary>Sends lines, and waits until the server has them.</summary>
    /// <returns>Whether it has them; if not, and there is no <see cref="Problem"/>, it may take them another time.</returns>
    public bool Send(string lines)
    {
        try
        {
            using InternetSocket socket = InternetSocket.ConnectTcp(address, url.Port, Patience);
            byte[] body = Encoding.UTF8.GetBytes(lines);
            socket.Write(HttpRequestWriter.Post(url, body.Length), Patience);
            socket.Write(body, Patience);
            byte[] answer = new byte[512];
            int got = socket.Read(answer, Patience);
            // A balancer answers 5xx for a server that is gone, or closes: the next one may take it.
            ReadOnlySpan<byte> head = answer.AsSpan(0, got);
            Problem =
                got == 0 || head.StartsWith("HTTP/1.1 2"u8) || head.StartsWith("HTTP/1.1 5"u8) ? null : $"{url} does not take reports";
            return head.StartsWith("HTTP/1.1 2"u8);
        }
        catch (LinuxException error)
        {
            Problem = error.Message;
            return false;
        }
    }
}
