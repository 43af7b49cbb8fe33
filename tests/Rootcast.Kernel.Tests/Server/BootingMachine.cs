using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Rootcast.Contract;
using Rootcast.Init.Handover;
using Rootcast.Init.Journal;
using Rootcast.Protocols.Http;

namespace Rootcast.Tests;

/// <summary>Says what a machine says that boots: iPXE, which tries again, <c>/init</c>, whose own code tells of the marks, and the program that tells of ready,
/// which systemd starts again until it has ended well.</summary>
/// <param name="server">One address.</param>
/// <param name="folder">For its files.</param>
/// <param name="number">Of all machines.</param>
internal sealed class BootingMachine(IPEndPoint server, string folder, int number) : IDisposable
{
    /// <summary>The marks that a boot sets.</summary>
    public static readonly string[] Marks =
    [
        Contract.Marks.InitStart,
        Contract.Marks.NetworkUp,
        Contract.Marks.Fetched,
        Contract.Marks.RootMounted,
        Contract.Marks.SwitchRoot,
        Contract.Marks.Ready,
    ];

    private const int Attempts = 100;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    // A connection for each request: each may come to another server.
    private readonly HttpClient client = new() { DefaultRequestHeaders = { ConnectionClose = true } };

    public void Dispose() => client.Dispose();

    /// <summary>Boots.</summary>
    /// <param name="begun">Called when it has its script.</param>
    /// <param name="cancellation">The test's.</param>
    public async Task BootAsync(Action begun, CancellationToken cancellation)
    {
        string script = await AgainAsync(() =>
            client.GetStringAsync($"http://{server}/boot.ipxe?mac=52:54:00:00:{number >> 8:x2}:{number & 255:x2}", cancellation)
        );
        KernelArguments line = KernelArguments.Parse(Command(script, "kernel ").Split(" || ")[0]);
        begun();
        foreach (string command in (string[])["kernel ", "initrd "])
        {
            string address = Command(script, command).Split(' ').First(word => word.StartsWith("http://", StringComparison.Ordinal));
            await AgainAsync(() => client.GetByteArrayAsync(address, cancellation));
        }
        BootJournal journal = new();
        journal.Mark(Contract.Marks.InitStart);
        Assert.True(HttpUrl.TryParse(line.Last("rootcast.report")!, out HttpUrl? report));
        journal.AttachReport(new BootReport(report!, server.Address));
        journal.Mark(Contract.Marks.NetworkUp);
        string url = line.Last("rootcast.url")!;
        Assert.Equal(new Uri(url).Segments[^1], Convert.ToHexStringLower(SHA256.HashData(await FetchAsync(url, cancellation))));
        journal.Mark(Contract.Marks.Fetched);
        journal.Mark(Contract.Marks.RootMounted);
        journal.Mark(Contract.Marks.SwitchRoot);
        string notice = Path.Combine(folder, $"notice{number}");
        await File.WriteAllBytesAsync(notice, ReadyNotice.File(report!, server.Address, journal.UnreportedMarks()), cancellation);
        Judge.MakeExecutable(notice);
        await AgainAsync(async () =>
        {
            using Process program = Process.Start(notice);
            await program.WaitForExitAsync(cancellation);
            return program.ExitCode == 0 ? true : throw new HttpRequestException($"it ended with {program.ExitCode}");
        });
    }

    private static string Command(string script, string name) =>
        script.Split('\n').Single(text => text.StartsWith(name, StringComparison.Ordinal));

    /// <summary>Where it was broken off it goes on.</summary>
    private async Task<byte[]> FetchAsync(string url, CancellationToken cancellation)
    {
        using MemoryStream got = new();
        await AgainAsync(async () =>
        {
            using HttpRequestMessage request = new(HttpMethod.Get, url);
            request.Headers.Range = new RangeHeaderValue(got.Length, null);
            using HttpResponseMessage answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            answer.EnsureSuccessStatusCode();
            await (await answer.Content.ReadAsStreamAsync(cancellation)).CopyToAsync(got, cancellation);
            return true;
        });
        return got.ToArray();
    }

    private static async Task<T> AgainAsync<T>(Func<Task<T>> ask)
    {
        for (int i = 0; ; i++)
        {
            try
            {
                return await ask();
            }
            catch (Exception error) when (error is HttpRequestException or IOException && i < Attempts)
            {
                await Task.Delay(Pause, TestContext.Current.CancellationToken);
            }
        }
    }
}
