using System.Globalization;

namespace Rootcast.Protocols.Tftp;

/// <summary>How a file is sent: what was asked for, as far as the server goes along.</summary>
/// <param name="BlockBytes">RFC 2348: 8 to 65,464.</param>
/// <param name="WindowBlocks">RFC 7440: how many blocks go out before an acknowledgement is waited for.</param>
/// <param name="Timeout">RFC 2349: how long an answer is waited for.</param>
/// <param name="Accepted">What is told to the client; empty when it asked for nothing, and then the first block is the answer.</param>
public sealed record TftpTerms(int BlockBytes, int WindowBlocks, TimeSpan Timeout, IReadOnlyList<TftpOption> Accepted)
{
    /// <summary>More would only fill the buffers of switches and small machines.</summary>
    public const int LargestWindow = 64;

    private const int DefaultBlockBytes = 512;
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(1);

    /// <summary>The terms of a request for a file of that length. Options that are unknown or cannot be meant are passed over, as RFC 2347 demands.</summary>
    public static TftpTerms Of(TftpRequest request, long length)
    {
        List<TftpOption> accepted = [];
        int block = Take("blksize", 8, 65_464) ?? DefaultBlockBytes;
        int window = DefaultWindow();
        TimeSpan timeout = Take("timeout", 1, 255) is { } seconds ? TimeSpan.FromSeconds(seconds) : DefaultTimeout;
        if (request.Option("tsize") is not null)
        {
            accepted.Add(new TftpOption("tsize", length.ToString(CultureInfo.InvariantCulture)));
        }
        return new TftpTerms(block, window, timeout, accepted);

        int DefaultWindow()
        {
            if (Number("windowsize", 1, 65_535) is not { } asked)
            {
                return 1;
            }
            int taken = Math.Min(asked, LargestWindow);
            accepted.Add(new TftpOption("windowsize", taken.ToString(CultureInfo.InvariantCulture)));
            return taken;
        }

        int? Take(string name, int least, int most)
        {
            int? number = Number(name, least, most);
            if (number is { } taken)
            {
                accepted.Add(new TftpOption(name, taken.ToString(CultureInfo.InvariantCulture)));
            }
            return number;
        }

        int? Number(string name, int least, int most) =>
            int.TryParse(request.Option(name), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && number >= least
            && number <= most
                ? number
                : null;
    }
}
