using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Rootcast.Init.Failure;
using Rootcast.Init.Handover;
using Rootcast.Init.Journal;
using Rootcast.Protocols.Http;

namespace Rootcast.Tests;

public sealed class ReadyNoticeTests : IDisposable
{
    private readonly TemporaryDirectory folder = new();
    private readonly TcpListener server = new(IPAddress.Loopback, 0);

    public void Dispose()
    {
        server.Dispose();
        folder.Dispose();
    }

    /// <summary>A balancer in front of servers answers for one that is gone, or closes the connection: then the unit tries again.</summary>
    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n", 0)]
    [InlineData("HTTP/1.1 404 Not Found\r\n\r\n", 0)]
    [InlineData("HTTP/1.1 503 Service Unavailable\r\n\r\n", 1)]
    [InlineData("", 1)]
    public async Task TheProgramSendsOneRequestWithTheUptime(string answer, int code)
    {
        server.Start();
        using Process program = Start(Url());
        using (TcpClient connection = await server.AcceptTcpClientAsync(TestContext.Current.CancellationToken))
        {
            string request = await ReadAsync(connection);
            string[] parts = request.Split("\r\n\r\n");
            Assert.StartsWith("POST /boots/0123 HTTP/1.1\r\nHost: 127.0.0.1:", parts[0], StringComparison.Ordinal);
            Assert.Contains($"Content-Length: {parts[1].Length}", parts[0], StringComparison.Ordinal);
            Assert.Matches("^mark switch-root 12\nuptime [0-9]+\\.[0-9]{2} [0-9]+\\.[0-9]{2}\n *$", parts[1]);
            await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(answer), TestContext.Current.CancellationToken);
        }
        await program.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(code, program.ExitCode);
    }

    [Fact]
    public async Task WithoutAServerItFailsSoThatItIsTriedAgain()
    {
        server.Start();
        HttpUrl url = Url();
        server.Stop();
        using Process program = Start(url);
        await program.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, program.ExitCode);
    }

    [Fact]
    public void ItIsSmallerThanAPage() =>
        Assert.InRange(ReadyNotice.File(Url("http://[fd00::1]:80/boots/x"), IPAddress.Parse("fd00::1"), "").Length, 2048, 4096);

    [Fact]
    public async Task AReportIsSentAndAServerThatTakesNoneIsSaid()
    {
        server.Start();
        BootReport report = new(Url(), IPAddress.Loopback);
        Task sending = Task.Run(() => report.Send("mark init-start 1\n"), TestContext.Current.CancellationToken);
        using (TcpClient connection = await server.AcceptTcpClientAsync(TestContext.Current.CancellationToken))
        {
            Assert.EndsWith("\r\n\r\nmark init-start 1\n", await ReadAsync(connection), StringComparison.Ordinal);
            await connection.GetStream().WriteAsync("HTTP/1.1 404 Not Found\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        }
        await sending;
        Assert.Contains("does not take reports", report.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MarksThatWereNotTakenGoWithTheNext()
    {
        server.Start();
        BootJournal journal = new();
        journal.Mark("one");
        foreach ((string answer, string marks) in ((string, string)[])[("HTTP/1.1 502 Bad Gateway", "one"), ("HTTP/1.1 200 OK", "one two")])
        {
            Task sending = Task.Run(
                () =>
                {
                    if (journal.Report is null)
                    {
                        journal.AttachReport(new BootReport(Url(), IPAddress.Loopback));
                    }
                    else
                    {
                        journal.Mark("two");
                    }
                },
                TestContext.Current.CancellationToken
            );
            using TcpClient connection = await server.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
            string body = (await ReadAsync(connection)).Split("\r\n\r\n")[1];
            Assert.Equal(marks.Split(' '), body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[1]));
            await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(answer + "\r\n\r\n"), TestContext.Current.CancellationToken);
            await sending;
        }
        Assert.Null(journal.Report!.Problem);
        Assert.Equal("", journal.UnreportedMarks());
    }

    [Fact]
    public void AFailureHasTheLastLines()
    {
        string[] lines = FailureReport
            .Compose(
                "mark init-start 1\n",
                ["====", " Failed  it"],
                [.. Enumerable.Range(0, 150).Select(i => $"said {i}")],
                [.. Enumerable.Range(0, 300).Select(i => $"kernel {i}\nmore{new string('x', 2000)}")]
            )
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["mark init-start 1", "fail ====", "fail  Failed  it", "log said 50"], lines[..4]);
        Assert.Equal(3 + 100 + 200, lines.Length);
        Assert.StartsWith("kernel kernel 299 more", lines[^1], StringComparison.Ordinal);
        Assert.All(lines, line => Assert.InRange(line.Length, 1, 1000));
    }

    private HttpUrl Url(string? text = null)
    {
        Assert.True(HttpUrl.TryParse(text ?? $"http://{server.LocalEndpoint}/boots/0123", out HttpUrl? url));
        return url!;
    }

    private Process Start(HttpUrl url)
    {
        byte[] file = ReadyNotice.File(url, IPAddress.Loopback, "mark switch-root 12\n");
        File.WriteAllBytes(folder.File("notice"), file);
        Judge.MakeExecutable(folder.File("notice"));
        return Process.Start(new ProcessStartInfo(folder.File("notice")))!;
    }

    private static async Task<string> ReadAsync(TcpClient connection)
    {
        StringBuilder request = new();
        byte[] buffer = new byte[4096];
        while (!request.ToString().Contains("\r\n\r\n", StringComparison.Ordinal) || Missing(request.ToString()) > 0)
        {
            int got = await connection.GetStream().ReadAsync(buffer, TestContext.Current.CancellationToken);
            Assert.NotEqual(0, got);
            request.Append(Encoding.ASCII.GetString(buffer, 0, got));
        }
        return request.ToString();
    }

    private static int Missing(string request)
    {
        string[] parts = request.Split("\r\n\r\n", 2);
        string length = parts[0].Split("\r\n").Single(line => line.StartsWith("Content-Length: ", StringComparison.Ordinal))[
            "Content-Length: ".Length..
        ];
        return int.Parse(length, System.Globalization.CultureInfo.InvariantCulture) - parts[1].Length;
    }
}
