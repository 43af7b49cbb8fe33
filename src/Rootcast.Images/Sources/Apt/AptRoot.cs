using Rootcast.Contract;
using Rootcast.Images.Progress;
using Rootcast.Images.Recipes;
using Rootcast.Images.Tools;

namespace Rootcast.Images.Sources.Apt;

/// <summary>An apt of its own in a directory, for any user: the host's transports and proxies, but other sources, and nothing of the host's state
/// is read or changed.</summary>
internal sealed class AptRoot(string directory, Action<string>? log)
{
    private string Configuration => Path.Combine(directory, "apt.conf");

    /// <summary>Fetches the lists of the packages, checked against the keys.</summary>
    internal async Task UpdateAsync(
        IReadOnlyList<AptSuite> suites,
        IReadOnlyList<RecipeText> keys,
        IProgressStage stage,
        CancellationToken cancellation
    )
    {
        AptKeyrings.Gather(Path.Combine(directory, "keys"), keys);
        foreach (string name in new[] { "lists/partial", "archives/partial", "sources" })
        {
            Directory.CreateDirectory(Path.Combine(directory, name));
        }
        await File.WriteAllTextAsync(Path.Combine(directory, "status"), "", cancellation);
        await File.WriteAllTextAsync(
            Path.Combine(directory, "sources", "all.sources"),
            string.Join('\n', suites.Select(suite => suite.Entry.ToStanza())),
            cancellation
        );
        // What the host does around an update (cleaning caches, other indexes) is none of ours.
        string text = $$"""
            #clear APT::Update::Pre-Invoke;
            #clear APT::Update::Post-Invoke;
            #clear APT::Update::Post-Invoke-Success;
            #clear Acquire::IndexTargets::deb::Contents-deb;
            #clear Acquire::IndexTargets::deb::DEP-11;
            #clear Acquire::IndexTargets::deb::DEP-11-icons;
            Acquire::Languages "none";
            Acquire::Retries "1";
            APT::Sandbox::User "";
            APT::Update::Error-Mode "any";
            Dir::Etc::SourceList "/dev/null";
            Dir::Etc::SourceParts "{{directory}}/sources";
            Dir::Etc::TrustedParts "{{directory}}/keys";
            Dir::Etc::Trusted "/dev/null";
            Dir::Etc::Preferences "/dev/null";
            Dir::Etc::PreferencesParts "/dev/null";
            Dir::State "{{directory}}";
            Dir::State::Lists "{{directory}}/lists";
            Dir::State::Status "{{directory}}/status";
            Dir::Cache "{{directory}}";
            Dir::Cache::Archives "{{directory}}/archives";

            """;
        await File.WriteAllTextAsync(Configuration, text, cancellation);
        stage.Detail("fetching the lists of packages");
        await new Tool("apt-get", "-c", Configuration, "-q", "update") { Log = log }.RunAsync(cancellation);
    }

    /// <summary>The version of a package that apt would install, or null when there is none.</summary>
    internal async Task<AptPackage?> FindAsync(string name, CancellationToken cancellation)
    {
        Tool show = new("apt-cache", "-c", Configuration, "show", "--no-all-versions", name) { GoodExitCodes = [0, 100], Log = log };
        ToolResult result = await show.RunAsync(cancellation);
        Dictionary<string, string>? fields = result.ExitCode == 0 ? AptEntries.Stanzas(result.Output).FirstOrDefault() : null;
        if (fields is null || !fields.TryGetValue("Package", out string? found) || !fields.TryGetValue("Version", out string? version))
        {
            return null;
        }
        IEnumerable<string> depends = (fields.GetValueOrDefault("Pre-Depends", "") + "," + fields.GetValueOrDefault("Depends", ""))
            .Split(',')
            .Select(one => one.Trim().Split([' ', '|', '(', ':'])[0])
            .Where(one => one.Length > 0);
        return new AptPackage(found, version, fields.GetValueOrDefault("SHA256", ""), [.. depends]);
    }

    /// <summary>Downloads a package, checked against the lists.</summary>
    /// <returns>The file.</returns>
    internal async Task<string> DownloadAsync(AptPackage package, CancellationToken cancellation)
    {
        string place = Path.Combine(directory, "packages");
        Directory.CreateDirectory(place);
        await new Tool("apt-get", "-c", Configuration, "-q", "download", $"{package.Name}={package.Version}")
        {
            WorkingDirectory = place,
            Hint = "Check the network; the archive may just be changing: build again.",
            Log = log,
        }.RunAsync(cancellation);
        return Directory.EnumerateFiles(place, $"{package.Name}_*.deb").FirstOrDefault()
            ?? throw new UserError($"apt-get has not downloaded {package.Name}", "Build again with --verbose.");
    }
}
