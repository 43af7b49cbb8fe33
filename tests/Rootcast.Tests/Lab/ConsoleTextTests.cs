using System.Text;
using Rootcast.Lab.Boots;

namespace Rootcast.Tests;

public sealed class ConsoleTextTests : IDisposable
{
    private readonly TemporaryDirectory place = new();

    public void Dispose() => place.Dispose();

    [Fact]
    public async Task ATextThatComesInPiecesIsSeen()
    {
        string log = place.File("console");
        Task waiting = ConsoleText.WaitAsync(log, "Select a language", 0, TestContext.Current.CancellationToken);
        foreach (string piece in (string[])["boot\r\n\u001b[31mSele", "ct a lang", "uage\u001b[30m"])
        {
            Assert.False(waiting.IsCompleted);
            await using FileStream file = new(log, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
            file.Write(Encoding.UTF8.GetBytes(piece));
        }
        await waiting.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task WhatWasThereAlreadyCounts() =>
        await ConsoleText
            .WaitAsync(place.Write("console", "one two three"), "two", 0, TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

    [Fact]
    public async Task WaitingCanBeEnded()
    {
        using CancellationTokenSource end = new();
        Task waiting = ConsoleText.WaitAsync(place.File("console"), "never", 0, end.Token);
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }
}
