using System.Net;
using System.Security.Authentication;
using Rootcast.Contract;
using Rootcast.Formats;
using Rootcast.Linux;
using Rootcast.Linux.Events;
using Rootcast.Protocols.Http;

namespace Rootcast.Init.Carriers;

/// <summary>
/// An artefact's bytes by HTTP/1.1, in order, over as many connections as it takes. After a break or a stall the rest is asked for with
/// Range; a server that sends the whole again is read over up to the place where the break was. The digest of all bytes, which
/// <see cref="VerifyingStream"/> holds against the boot plan, shows whether the parts belong together.
/// </summary>
/// <param name="url">Where the artefact is.</param>
/// <param name="expected">Its bytes by the boot plan; null takes the server's word in its first answer.</param>
/// <param name="resolve">Addresses of a host: throws <see cref="IOException"/> when trying again may help.</param>
/// <param name="say">For the log.</param>
/// <param name="limits">How patient it is.</param>
public sealed class HttpFetch(
    HttpUrl url,
    long? expected,
    Func<string, IReadOnlyList<IPAddress>> resolve,
    Action<string> say,
    HttpFetchLimits limits
) : ForwardStream
{
    private HttpExchange? exchange;
    private long? known = expected;
    private string? tag;
    private bool canResume = true;
    private long position;
    private int attempts;
    private int failures;
    private TimeSpan? turnSince;
    private TimeSpan? turnSaid;

    /// <inheritdoc/>
    public override long Length => known ?? throw new InvalidOperationException("nothing is known of the artefact before Begin");

    /// <inheritdoc/>
    public override long Position
    {
        get => position;
        set => throw new NotSupportedException();
    }

    /// <summary>How many connections it took so far.</summary>
    public int Attempts => attempts;

    /// <summary>Has the server's answer to the first request, and reads no content yet.</summary>
    /// <exception cref="UserError">The artefact is not to be had there.</exception>
    public void Begin()
    {
        while (exchange is null)
        {
            try
            {
                exchange = Connect();
            }
            catch (Exception error) when (error is LinuxException or IOException or InvalidDataException)
            {
                Fail(error.Message);
            }
        }
    }

    /// <summary>The next bytes; 0 when all are read.</summary>
    /// <exception cref="UserError">The rest is not to be had.</exception>
    public override int Read(Span<byte> buffer)
    {
        Begin();
        if (position == Length || buffer.IsEmpty)
        {
            return 0;
        }
        buffer = buffer[..(int)Math.Min(buffer.Length, Length - position)];
        while (true)
        {
            Begin();
            try
            {
                int got = exchange!.Read(buffer);
                if (got > 0)
                {
                    position += got;
                    failures = 0;
                    turnSince = null;
                    return got;
                }
                Fail("the server's answer ended early");
            }
            catch (Exception error) when (error is LinuxException or IOException or InvalidDataException)
            {
                Fail(error.Message);
            }
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            exchange?.Dispose();
        }
        base.Dispose(disposing);
    }

    /// <summary>One attempt, redirects included: an exchange that gives the byte at <see cref="position"/> next; null when it failed and was
    /// told of.</summary>
    private HttpExchange? Connect()
    {
        long offset = canResume ? position : 0;
        HttpExchange opened = Follow(offset);
        try
        {
            if (opened.Head.Status == 200)
            {
                known ??= opened.Head.ContentLength ?? throw NoLength(opened.Url);
            }
            switch (HttpAnswer.Judge(opened.Url, opened.Head, offset, known ?? 0))
            {
                case HttpAnswerKind.Whole:
                    Skip(opened, position);
                    break;
                case HttpAnswerKind.WrongRange:
                    canResume = false;
                    Fail($"asked for the rest from byte {offset}, the server answers {opened.Head}; the whole is asked for");
                    opened.Dispose();
                    return null;
                case HttpAnswerKind.Later:
                    Fail($"the server answers {opened.Head}");
                    opened.Dispose();
                    return null;
                case HttpAnswerKind.NotYet:
                    opened.Dispose();
                    WaitForTurn(opened.Head);
                    return null;
            }
            tag = opened.Head.StrongTag;
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    private HttpExchange Follow(long offset)
    {
        HttpUrl at = url;
        for (int redirects = 0; ; redirects++)
        {
            IReadOnlyList<IPAddress> addresses = resolve(at.Host);
            // Each attempt takes the next address of a host that has several.
            HttpExchange opened = Open(at, addresses[attempts++ % addresses.Count], offset);
            if (!opened.Head.IsRedirect)
            {
                return opened;
            }
            opened.Dispose();
            HttpUrl? next = opened.Head.Location is { } location ? at.Resolve(location) : null;
            if (next is null || next.Scheme != at.Scheme || redirects == HttpLayout.MostRedirects)
            {
                string why =
                    next is null ? "to nowhere"
                    : next.Scheme != at.Scheme ? $"to {next}, which is not {at.Scheme}"
                    : $"once more, after {HttpLayout.MostRedirects} times";
                throw new UserError($"{url}: the server redirects {why}", "Write the address of the artefact itself into rootcast.url=.");
            }
            say($"{at} redirects to {next}");
            at = next;
        }
    }

    private HttpExchange Open(HttpUrl at, IPAddress address, long offset)
    {
        try
        {
            return HttpExchange.Open(at, address, offset, offset > 0 ? tag : null, limits);
        }
        catch (AuthenticationException error)
        {
            // Not a failure that passes: somebody else answers, or this machine was given another authority.
            throw new UserError(
                $"{at}: the server at {address} is not trusted: {error.Message}",
                $"Compare {InitramfsPaths.Authority} of the initramfs with what 'rootcast serve --export-authority' prints, and rootcast.url= with the certificate's names."
            );
        }
    }

    /// <summary>Reads over what an earlier connection has brought.</summary>
    private static void Skip(HttpExchange opened, long count)
    {
        if (count == 0)
        {
            return;
        }
        byte[] buffer = new byte[65_536];
        while (count > 0)
        {
            int got = opened.Read(buffer.AsSpan(0, (int)Math.Min(buffer.Length, count)));
            count -=
                got > 0 ? got : throw new EndOfStreamException($"the server's answer ended {count} bytes before the place of the break");
        }
    }

    /// <summary>After a failed attempt: gives up, or waits for the next one.</summary>
    private void Fail(string why)
    {
        exchange?.Dispose();
        exchange = null;
        failures++;
        string place = position == 0 ? "" : $" after {position} of {Length} bytes";
        if (failures >= limits.AttemptsWithoutProgress)
        {
            throw new UserError(
                $"{url}: {why}{place}; {failures} attempts one after another brought nothing",
                "Check that the server runs, that this network reaches it, and rootcast.url=."
            );
        }
        TimeSpan pause = limits.FirstPause * Math.Pow(2, failures - 1);
        pause = pause < limits.LongestPause ? pause : limits.LongestPause;
        // The log is shown in narrow lines: what differs from line to line first.
        say($"tries again in {pause.TotalSeconds:0.#} s ({failures} of {limits.AttemptsWithoutProgress}){place}: {why}");
        Poll.Readable(pause);
    }

    private static UserError NoLength(HttpUrl at) =>
        new(
            $"{at}: the server does not say how long it is, so nobody could tell whether all of it came",
            "Add rootcast.artefact=sha256:HEX,BYTES,0, or use a server that sends Content-Length."
        );

    /// <summary>The server lets others go first. That is no failure; but it has an end.</summary>
    private void WaitForTurn(HttpResponseHead head)
    {
        failures = 0;
        TimeSpan now = BootClock.Now;
        turnSince ??= now;
        TimeSpan waited = now - turnSince.Value;
        if (waited >= limits.LongestTurn)
        {
            throw new UserError(
                $"{url}: the server answers {head} for {waited.TotalMinutes:0} minutes",
                "Look at the server's log: it lets fewer machines download at the same time than there are, and none of these ends."
            );
        }
        if (turnSaid is null || now - turnSaid.Value >= limits.TurnSaid)
        {
            turnSaid = now;
            say($"waits for its turn, {waited.TotalSeconds:0} s so far: the server answers {head}");
        }
        Poll.Readable(TimeSpan.FromSeconds(Math.Min(head.RetryAfterSeconds!.Value, limits.LongestRetryAfter.TotalSeconds)));
    }
}
