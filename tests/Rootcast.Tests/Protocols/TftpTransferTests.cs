using Rootcast.Protocols.Tftp;

namespace Rootcast.Tests;

/// <summary>The sender's decisions, without a network.</summary>
public class TftpTransferTests
{
    [Fact]
    public void WithoutOptionsBlocksGoOneByOneAndTheLastIsShort()
    {
        TftpTransfer transfer = Of(length: 1024, window: 1, options: false);
        Blocks(1, 1, transfer.Start());
        Blocks(2, 1, Acknowledge(transfer, 1));
        // The file fills two blocks, so an empty third ends it.
        Blocks(3, 1, Acknowledge(transfer, 2));
        Assert.Equal(TftpAction.Done, Acknowledge(transfer, 3).Action);
    }

    [Fact]
    public void OptionsAreAcknowledgedBeforeTheFirstBlock()
    {
        TftpTransfer transfer = Of(length: 10, window: 4, options: true);
        Assert.IsType<TftpOptionAcknowledgement>(transfer.Start().Packet);
        Assert.Equal(TftpAction.Wait, Acknowledge(transfer, 3).Action);
        Assert.IsType<TftpOptionAcknowledgement>(transfer.TimedOut().Packet);
        Blocks(1, 1, Acknowledge(transfer, 0));
        Assert.Equal(TftpAction.Done, Acknowledge(transfer, 1).Action);
    }

    [Fact]
    public void AWindowThatLostABlockStartsBehindTheLastThatCame()
    {
        TftpTransfer transfer = Of(length: 512 * 20, window: 8, options: false);
        Blocks(1, 8, transfer.Start());
        Blocks(6, 8, Acknowledge(transfer, 5));
        Blocks(14, 8, Acknowledge(transfer, 13));
        Assert.Equal(TftpAction.Done, Acknowledge(transfer, 21).Action);
    }

    /// <summary>The Sorcerer's Apprentice: an acknowledgement that comes twice must not double what follows.</summary>
    [Fact]
    public void AnAcknowledgementThatComesTwiceIsAnsweredOnceAtMost()
    {
        TftpTransfer single = Of(length: 5000, window: 1, options: false);
        single.Start();
        Blocks(2, 1, Acknowledge(single, 1));
        Assert.Equal(TftpAction.Wait, Acknowledge(single, 1).Action);
        TftpTransfer window = Of(length: 5000, window: 4, options: false);
        window.Start();
        Blocks(5, 4, Acknowledge(window, 4));
        Blocks(5, 4, Acknowledge(window, 4));
        Assert.Equal(TftpAction.Wait, Acknowledge(window, 4).Action);
        Blocks(9, 2, Acknowledge(window, 8));
    }

    [Fact]
    public void WhatWasNeverSentIsNotAcknowledged()
    {
        TftpTransfer transfer = Of(length: 512 * 20, window: 4, options: false);
        transfer.Start();
        Assert.Equal(TftpAction.Wait, Acknowledge(transfer, 5).Action);
        Assert.Equal(TftpAction.Wait, Acknowledge(transfer, 65_535).Action);
        Blocks(5, 4, Acknowledge(transfer, 4));
    }

    [Fact]
    public void NumbersOfBlocksBeginAgainBehind65535()
    {
        const long blocks = 200_001;
        TftpTransfer transfer = Of(length: (blocks - 1) * 512, window: 64, options: false);
        TftpStep step = transfer.Start();
        long sent = 0;
        while (step.Action == TftpAction.SendBlocks)
        {
            Assert.Equal(sent + 1, step.FirstBlock);
            sent += step.Blocks;
            step = Acknowledge(transfer, (ushort)sent);
        }
        Assert.Equal(TftpAction.Done, step.Action);
        Assert.Equal(blocks, sent);
    }

    [Fact]
    public void WithoutAnAnswerItWaitsLongerAndGivesUp()
    {
        TftpTransfer transfer = Of(length: 10, window: 1, options: false);
        transfer.Start();
        TimeSpan before = transfer.Wait;
        int repeats = 0;
        TftpStep step;
        while ((step = transfer.TimedOut()).Action == TftpAction.SendBlocks)
        {
            repeats++;
            Assert.InRange(transfer.Wait, before, TimeSpan.FromSeconds(8));
            before = transfer.Wait;
        }
        Assert.Equal(TftpAction.Failed, step.Action);
        Assert.InRange(repeats, 3, 10);
    }

    [Fact]
    public void AnErrorEndsItAndNonsenseIsAnswered()
    {
        TftpTransfer transfer = Of(length: 10, window: 1, options: true);
        transfer.Start();
        TftpStep step = transfer.Take(new TftpError(TftpErrorCode.OptionRefused, "enough"));
        Assert.Equal(TftpAction.Failed, step.Action);
        Assert.Null(step.Packet);
        step = transfer.Take(new TftpData(1, new byte[3]));
        Assert.Equal(TftpErrorCode.IllegalOperation, Assert.IsType<TftpError>(step.Packet).Code);
    }

    private static TftpTransfer Of(long length, int window, bool options) =>
        new(new TftpTerms(512, window, TimeSpan.FromSeconds(1), options ? [new("windowsize", "4")] : []), length);

    private static TftpStep Acknowledge(TftpTransfer transfer, ushort block) => transfer.Take(new TftpAcknowledgement(block));

    private static void Blocks(long first, int count, TftpStep step) =>
        Assert.Equal((TftpAction.SendBlocks, first, count), (step.Action, step.FirstBlock, step.Blocks));
}
