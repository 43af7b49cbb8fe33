using System.CommandLine;
using Rootcast.Cli.Nodes;
using Rootcast.Contract;
using Rootcast.Lab.Measuring;
using Rootcast.Lab.Reports;
using Rootcast.Server.Dashboard;
using Rootcast.Server.State;

namespace Rootcast.Tests;

/// <summary>What <c>rootcast serve</c> takes for its dashboard.</summary>
public sealed class ServeDashboardTests : IDisposable
{
    private readonly TemporaryDirectory folder = new();
    private readonly StateDatabase state;
    private readonly StringWriter people = new();

    public ServeDashboardTests() => state = StateDatabase.Open(folder.File("state"));

    public void Dispose()
    {
        state.Dispose();
        folder.Dispose();
        people.Dispose();
    }

    [Fact]
    public void ReportsAreFoundByTheDigestThatTheirResultNames()
    {
        string measured = Directory.CreateDirectory(folder.File("measured")).FullName;
        MeasureResult result = Measured.Result(cells: 2);
        string whole = Directory.CreateDirectory(Path.Combine(measured, "whole")).FullName;
        MeasureFile.Write(result, whole);
        ReportFiles.Write(result, whole);
        string without = Directory.CreateDirectory(Path.Combine(measured, "without-a-page")).FullName;
        MeasureFile.Write(result, without);
        string damaged = Directory.CreateDirectory(Path.Combine(measured, "damaged")).FullName;
        File.WriteAllText(Path.Combine(damaged, MeasureFile.Name), "{\"format\":");
        File.WriteAllText(Path.Combine(damaged, HtmlReport.Name), "<p>");
        DashboardOptions options = Options("--reports", measured);
        MeasuredReport report = Assert.Single(options.Reports());
        Assert.Equal(("whole", result.Image.Digest), (report.Name, report.Digest));
        Assert.EndsWith(", 2 cells", report.Title, StringComparison.Ordinal);
        Assert.Equal(Path.Combine(whole, HtmlReport.Name), report.File);

        // What is written later is found, and what is gone is not.
        ReportFiles.Write(result, without);
        Assert.Equal(2, options.Reports().Count);
        Directory.Delete(whole, recursive: true);
        Assert.Equal("without-a-page", Assert.Single(options.Reports()).Name);
        Directory.Delete(measured, recursive: true);
        Assert.Empty(options.Reports());
    }

    [Fact]
    public void WithoutThemThereAreNone() => Assert.Empty(Options().Reports());

    [Fact]
    public void ThePasswordIsTheFirstLineOfAFile()
    {
        string file = folder.File("password");
        File.WriteAllText(file, "correct horse\r\nsecond line\n");
        Options("--password-file", file);
        Assert.Contains("password is set", people.ToString(), StringComparison.Ordinal);
        OperatorPassword password = new(state);
        Assert.True(password.IsRight("correct horse"));
        Assert.False(password.IsRight("correct horse\r"));
        Assert.False(password.IsRight("second line"));
        Assert.False(password.IsRight(""));
    }

    [Fact]
    public void WhatCannotBeTakenIsSaid()
    {
        string file = folder.File("password");
        File.WriteAllText(file, "short\n");
        Assert.Contains("5 characters", Refused("--password-file", file), StringComparison.Ordinal);
        Assert.Contains("cannot be read", Refused("--password-file", folder.File("none")), StringComparison.Ordinal);
        Assert.Contains("no directory", Refused("--reports", folder.File("none")), StringComparison.Ordinal);
        Assert.False(new OperatorPassword(state).IsSet);
    }

    private string Refused(params string[] words)
    {
        UserError error = Assert.Throws<UserError>(() => Options(words));
        Assert.Equal(UserErrorKind.Input, error.Kind);
        return error.Message;
    }

    private DashboardOptions Options(params string[] words)
    {
        Command command = new("serve");
        ServeDashboard dashboard = new();
        dashboard.AddTo(command);
        return dashboard.Options(command.Parse(words), state, people);
    }
}
