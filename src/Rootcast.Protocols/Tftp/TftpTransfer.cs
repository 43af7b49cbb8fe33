namespace Rootcast.Protocols.Tftp;

/// <summary>The sending side of a transfer (RFC 1350, 2347 to 2349, 7440) without sockets and clocks: told what came and when time is up, it says what
/// to do.</summary>
/// <param name="terms">How the file is sent.</param>
/// <param name="length">Of the file in bytes.</param>
public sealed class TftpTransfer(TftpTerms terms, long length)
{
    private const int MostTries = 6;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(8);

    /// <summary>The last block is shorter than the others, and empty when the file fills them.</summary>
    private readonly long blocks = (length / terms.BlockBytes) + 1;

    private long acknowledged;
    private long sent;
    private int tries;
    private bool optionsPending;
    private bool repeated;

    /// <summary>How long to wait for the next packet: longer after each that was missing.</summary>
    public TimeSpan Wait =>
        terms.Timeout >= LongestWait ? terms.Timeout : TimeSpan.FromTicks(Math.Min(terms.Timeout.Ticks << tries, LongestWait.Ticks));

    /// <summary>The first step.</summary>
    public TftpStep Start()
    {
        optionsPending = terms.Accepted.Count > 0;
        return optionsPending ? SendOptions() : SendWindow();
    }

    /// <summary>The step after a packet of the client.</summary>
    public TftpStep Take(TftpPacket packet)
    {
        switch (packet)
        {
            case TftpAcknowledgement { Block: var block }:
                return Take(block);
            case TftpError error:
                // Boot ROMs ask for the length and break off so.
                return new TftpStep(TftpAction.Failed, Reason: $"the client broke off: {(int)error.Code} {error.Text}".TrimEnd());
            default:
                TftpError answer = new(TftpErrorCode.IllegalOperation, "an acknowledgement is expected");
                return new TftpStep(TftpAction.Failed, Packet: answer, Reason: $"the client sent '{TftpDump.Text(packet)}'");
        }
    }

    /// <summary>The step when nothing came in time.</summary>
    public TftpStep TimedOut()
    {
        if (++tries >= MostTries)
        {
            return new TftpStep(TftpAction.Failed, Reason: $"no answer after block {acknowledged} of {blocks}");
        }
        repeated = false;
        return optionsPending ? SendOptions() : SendWindow();
    }

    private TftpStep Take(ushort block)
    {
        if (optionsPending)
        {
            if (block != 0)
            {
                return new TftpStep(TftpAction.Wait);
            }
            optionsPending = false;
            tries = 0;
            return SendWindow();
        }
        // How many blocks further, whatever 65,536 blocks it is in; what was never sent cannot be acknowledged.
        int further = (ushort)(block - (ushort)acknowledged);
        if (further == 0)
        {
            // With windows it says that the first block of one was lost. Answering each would double everything that follows, for ever
            // (RFC 1123 section 4.2.3.1), so it counts once.
            bool counts = terms.WindowBlocks > 1 && !repeated && sent > acknowledged + 1;
            repeated = true;
            return counts ? SendWindow() : new TftpStep(TftpAction.Wait);
        }
        if (further > sent - acknowledged)
        {
            return new TftpStep(TftpAction.Wait);
        }
        acknowledged += further;
        tries = 0;
        repeated = false;
        return acknowledged == blocks ? new TftpStep(TftpAction.Done) : SendWindow();
    }

    private TftpStep SendOptions() => new(TftpAction.SendPacket, Packet: new TftpOptionAcknowledgement(terms.Accepted));

    private TftpStep SendWindow()
    {
        int count = (int)Math.Min(terms.WindowBlocks, blocks - acknowledged);
        sent = acknowledged + count;
        return new TftpStep(TftpAction.SendBlocks, acknowledged + 1, count);
    }
}
