using Rootcast.Contract;
using Rootcast.Images.Progress;
using Rootcast.Images.Recipes;
using Rootcast.Images.Tools;
using Rootcast.Images.Trees;

namespace Rootcast.Images.Sources.Apt;

/// <summary>Asks archives what they have now, through apt's own transports: proxies, certificates and passwords are those of the host's apt.</summary>
internal sealed class AptArchive(BuildCache cache, IProgressDisplay display, Action<string>? log)
{
    private const string Fetcher = "/usr/lib/apt/apt-helper";

    /// <summary>The suites that are there, each with its release; without a network, as they were when last asked.</summary>
    /// <exception cref="UserError">A suite does not exist, or nothing is known of it.</exception>
    internal async Task<IReadOnlyList<(AptSuite Suite, AptRelease Release)>> AskAsync(
        IReadOnlyList<AptSuite> suites,
        CancellationToken cancellation
    )
    {
        if (!File.Exists(Fetcher))
        {
            throw Tool.Missing("apt-get");
        }
        string architecture = await new Tool("dpkg", "--print-architecture") { Log = log }.ReadAsync(cancellation);
        await using TemporaryDirectory scratch = TemporaryDirectory.Create();
        (AptRelease? Release, bool IsFresh)[] found = await Task.WhenAll(
            suites.Select((suite, index) => AskOneAsync(suite, architecture, scratch.Join($"{index}"), cancellation))
        );
        if (Array.Exists(found, one => one is { Release: not null, IsFresh: false }))
        {
            display.Say("The archive cannot be reached: what it had when it was last asked counts.");
        }
        return
        [
            .. suites
                .Zip(found, (suite, one) => (suite, one.Release))
                .Where(pair => pair.Release is not null)
                .Select(pair => (pair.suite, pair.Release!)),
        ];
    }

    private async Task<(AptRelease? Release, bool IsFresh)> AskOneAsync(
        AptSuite suite,
        string architecture,
        string file,
        CancellationToken cancellation
    )
    {
        using CacheKey key = new("release-1");
        key.Add("address", suite.Address).Add("architecture", architecture).Add("components", string.Join(' ', suite.Entry.Components));
        string noteKey = key.Finish();
        ToolResult result = await FetchAsync(suite.Address + "InRelease", file, cancellation);
        if (result.ExitCode != 0 && IsAbsent(result))
        {
            result = await FetchAsync(suite.Address + "Release", file, cancellation);
        }
        if (result.ExitCode == 0)
        {
            AptRelease release = AptRelease.Parse(await File.ReadAllTextAsync(file, cancellation), suite.Entry.Components, architecture);
            cache.WriteNote("releases", noteKey, release.ToNote());
            return (release, true);
        }
        if (IsAbsent(result))
        {
            return suite.IsOptional ? (null, true) : throw NoSuite(suite);
        }
        if (cache.ReadNote("releases", noteKey) is { } note)
        {
            return (AptRelease.FromNote(note), false);
        }
        string reason = Reason(result);
        return suite.IsOptional
            ? (null, false)
            : throw new UserError(
                $"the archive {suite.Entry.Uris[0]} cannot be reached: {reason}",
                "Check the network and the proxy of apt, or name another archive by 'mirror' in the recipe."
            );
    }

    private Task<ToolResult> FetchAsync(string address, string file, CancellationToken cancellation) =>
        new Tool(
            Fetcher,
            "-oAcquire::Retries=1",
            "-oAcquire::http::Timeout=15",
            "-oAcquire::https::Timeout=15",
            "-oAPT::Sandbox::User=",
            "download-file",
            address,
            file
        )
        {
            GoodExitCodes = [0, 100],
            Log = log,
        }.RunAsync(cancellation);

    private static bool IsAbsent(ToolResult result) =>
        result.Errors.Contains(" 404 ", StringComparison.Ordinal) || result.Errors.Contains("File not found", StringComparison.Ordinal);

    private static string Reason(ToolResult result)
    {
        const string failed = "E: Failed to fetch ";
        string? line = result.Errors.Split('\n').FirstOrDefault(text => text.StartsWith(failed, StringComparison.Ordinal));
        return line is null ? "apt says nothing more" : line[(line.IndexOf("  ", StringComparison.Ordinal) + 2)..].Trim();
    }

    private static UserError NoSuite(AptSuite suite) =>
        RecipeError.At(
            suite.Place,
            $"the archive {suite.Entry.Uris[0]} has no suite '{suite.Entry.Suites[0]}'",
            "Check the spelling (bookworm, trixie, sid); a suite that is no longer supported is in Debian's archive of old releases: name that by 'mirror'."
        );
}
