using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Rootcast.Protocols.Tftp;
using Rootcast.Server.Content;

namespace Rootcast.Server.Tftp;

/// <summary>One transfer: the socket and the clock that <see cref="TftpTransfer"/> lacks.</summary>
internal sealed class TftpSending : IDisposable
{
    /// <summary>Acknowledgements have four bytes, errors a line of text.</summary>
    private const int LongestAnswer = 1024;

    private readonly TftpRequest request;
    private readonly IPEndPoint client;
    private readonly TftpServerOptions options;
    private readonly ContentReader? reader;
    private readonly long length;
    private readonly Socket socket;
    private readonly TftpTerms terms;
    private readonly byte[] block;
    private readonly byte[] packet = new byte[LongestAnswer];

    public TftpSending(ServedContent content, TftpRequest request, IPEndPoint client, IPAddress asked, TftpServerOptions options)
    {
        this.request = request;
        this.client = client;
        this.options = options;
        length = content.Length;
        terms = TftpTerms.Of(request, length);
        block = new byte[TftpWriter.DataHeadBytes + terms.BlockBytes];
        socket = TftpServer.Open(new IPEndPoint(asked, 0));
        reader = ContentReader.TryOpen(content);
    }

    /// <summary>Sends the file to its end, or to where the client breaks off or is gone.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        long started = Stopwatch.GetTimestamp();
        TftpTransfer transfer = new(terms, length);
        TftpStep step = reader is null
            ? new TftpStep(TftpAction.Failed, Packet: new TftpError(TftpErrorCode.NotFound, "the file is gone"), Reason: "it is gone")
            : transfer.Start();
        while (true)
        {
            switch (step.Action)
            {
                case TftpAction.SendPacket:
                    Send(step.Packet!, client);
                    break;
                case TftpAction.SendBlocks:
                    SendBlocks(step);
                    break;
                case TftpAction.Done:
                    Count("done");
                    options.Counters.Add("rootcast_tftp_sent_bytes_total", length);
                    Say(FormattableString.Invariant($"{length} bytes in {Stopwatch.GetElapsedTime(started).TotalSeconds:0.000} s"));
                    return;
                case TftpAction.Failed:
                    if (step.Packet is { } answer)
                    {
                        Send(answer, client);
                    }
                    Count("failed");
                    Say(step.Reason!);
                    return;
            }
            step = await NextAsync(transfer, cancellation);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        socket.Dispose();
        reader?.Dispose();
    }

    /// <summary>Waits for a packet of the client, at most for as long as the transfer says.</summary>
    private async Task<TftpStep> NextAsync(TftpTransfer transfer, CancellationToken cancellation)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(transfer.Wait);
        while (true)
        {
            SocketReceiveFromResult got;
            try
            {
                got = await socket.ReceiveFromAsync(packet, SocketFlags.None, client, patience.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                return transfer.TimedOut();
            }
            catch (SocketException error) when (error.SocketErrorCode == SocketError.MessageSize)
            {
                continue;
            }
            if (!got.RemoteEndPoint.Equals(client))
            {
                // RFC 1350 section 4: whoever that is, the transfer goes on.
                IPEndPoint stranger = (IPEndPoint)got.RemoteEndPoint;
                options.Counters.Add("rootcast_tftp_refused_total");
                options.Log.Refuse(
                    new ServerEvent("tftp", stranger.Address.ToString(), $"refused: a packet for {client.Address}'s transfer")
                );
                Send(new TftpError(TftpErrorCode.UnknownTransfer, "this transfer is not yours"), stranger);
                continue;
            }
            try
            {
                return transfer.Take(TftpReader.Read(packet.AsSpan(0, got.ReceivedBytes)));
            }
            catch (InvalidDataException error)
            {
                options.Log.Refuse(new ServerEvent("tftp", client.Address.ToString(), $"refused: {error.Message}"));
            }
        }
    }

    private void SendBlocks(TftpStep step)
    {
        for (long number = step.FirstBlock; number < step.FirstBlock + step.Blocks; number++)
        {
            long offset = (number - 1) * terms.BlockBytes;
            int wanted = (int)Math.Min(terms.BlockBytes, length - offset);
            TftpWriter.WriteDataHead(block, (ushort)number);
            int done = 0;
            while (done < wanted)
            {
                done += reader!.Read(block.AsSpan(TftpWriter.DataHeadBytes + done, wanted - done), offset + done);
            }
            socket.SendTo(block.AsSpan(0, TftpWriter.DataHeadBytes + wanted), client);
        }
    }

    private void Send(TftpPacket packet, IPEndPoint target) => socket.SendTo(TftpWriter.Write(packet), target);

    private void Count(string result) => options.Counters.Add("rootcast_tftp_transfers_total", label: $"result=\"{result}\"");

    private void Say(string text) => options.Log.Say(new ServerEvent("tftp", client.Address.ToString(), $"{request.File}: {text}"));
}
