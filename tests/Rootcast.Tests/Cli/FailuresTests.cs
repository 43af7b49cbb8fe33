using Rootcast.Cli;
using Rootcast.Contract;

namespace Rootcast.Tests;

public class FailuresTests
{
    [Theory]
    [InlineData(UserErrorKind.Failed, ExitCodes.Failed)]
    [InlineData(UserErrorKind.Input, ExitCodes.Input)]
    [InlineData(UserErrorKind.Missing, ExitCodes.Missing)]
    public void AUserErrorShowsItsHintAndNoStack(UserErrorKind kind, int code)
    {
        (int ended, string text) = Report(new UserError("x is not there", "make x", kind));
        Assert.Equal(code, ended);
        Assert.Equal("rootcast: x is not there\n  what to do: make x\n", text);
    }

    [Fact]
    public void ACancellationAfterASignalIsNoFailureOfOurs()
    {
        Assert.Equal(ExitCodes.Interrupted, Report(new OperationCanceledException(), interrupted: true).Code);
        (int code, string text) = Report(new OperationCanceledException());
        Assert.Equal(ExitCodes.Failed, code);
        Assert.Contains("bug", text, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatNobodyForesawIsCalledABugAndShowsVersionAndType()
    {
        (int code, string text) = Report(new InvalidOperationException("impossible"));
        Assert.Equal(ExitCodes.Failed, code);
        Assert.Contains("InvalidOperationException: impossible", text, StringComparison.Ordinal);
        Assert.Contains(BuildFacts.Current.Version, text, StringComparison.Ordinal);
    }

    [Fact]
    public void AnInputErrorOfTheSystemIsNotABug()
    {
        (int code, string text) = Report(new IOException("disk on fire"));
        Assert.Equal(ExitCodes.Failed, code);
        Assert.Equal("rootcast: disk on fire\n", text);
    }

    private static (int Code, string Text) Report(Exception exception, bool interrupted = false)
    {
        using StringWriter people = new();
        return (Failures.Report(exception, interrupted, verbose: false, people), people.ToString());
    }
}
