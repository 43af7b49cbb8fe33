using System.Globalization;
using Rootcast.Formats;
using Rootcast.Formats.Tree;
using Rootcast.Images.Progress;
using Rootcast.Images.Recipes;
using Rootcast.Images.Sources.Apt;
using Rootcast.Images.Tools;
using Rootcast.Images.Trees;

namespace Rootcast.Images.Sources;

/// <summary>A Debian system made by mmdebstrap. What mmdebstrap makes is kept by itself, so that other edits and scripts do not make it again.</summary>
internal sealed class DebianTreeSource(
    DebianSource source,
    BuildCache cache,
    IProgressDisplay display,
    long? sourceDateEpoch,
    Action<string>? log
) : ITreeSource
{
    private const string Kind = "debian";

    internal static IReadOnlyList<string> Programs { get; } = ["mmdebstrap", "apt-get", "dpkg"];

    /// <summary>Takes out what belongs to the making and to this host: the option above, our name, our name server.</summary>
    private const string OfThisHost =
        """cd "$1/etc" && rm -f dpkg/dpkg.cfg.d/99mmdebstrap && for f in hostname resolv.conf; do test -L $f || rm -f $f; done""";

    private IReadOnlyList<(AptSuite Suite, AptRelease Release)> suites = [];
    private string baseKey = "";

    /// <summary>The newest date of its archives, so that the same archives give the same tree.</summary>
    public long? Epoch => suites.Max(pair => pair.Release.Date);

    public async Task AddToAsync(CacheKey key, IProgressStage progress, CancellationToken cancellation)
    {
        Tool.Require(Programs);
        progress.Detail($"asking what the archive has of {source.Suite}");
        suites = await new AptArchive(cache, display, log).AskAsync(AptSuites.Choose(source, AptEntries.OfHost()), cancellation);
        string version = await new Tool("mmdebstrap", "--version") { Log = log }.ReadAsync(cancellation);
        using CacheKey own = new("debian-2");
        own.Add("mmdebstrap", version).Add("epoch", sourceDateEpoch?.ToString(CultureInfo.InvariantCulture));
        foreach ((AptSuite suite, AptRelease release) in suites)
        {
            own.Add("source", string.Join('\n', suite.Entry.ToLines())).Add("signed-by", suite.Entry.SignedBy).Add("lists", release.Digest);
        }
        foreach (string package in source.Packages.Select(package => package.Value).Order(StringComparer.Ordinal))
        {
            own.Add("package", package);
        }
        foreach (RecipeText file in source.Keys)
        {
            own.Add("key-name", AptKeyrings.NameOf(file)).AddFile("key", file.Value);
        }
        baseKey = own.Finish();
        key.Add(Kind, baseKey);
    }

    public async Task<FileTree> ReadAsync(string scratch, IProgressStage progress, CancellationToken cancellation)
    {
        string entry =
            cache.Find(Kind, baseKey)
            ?? await cache.MakeAsync(Kind, baseKey, place => BootstrapAsync(Path.Combine(place, "tree.tar"), progress, cancellation));
        FileTree tree = ArchivedTree.Read(Path.Combine(entry, "tree.tar"), cancellation);
        foreach (RecipeText key in source.Keys)
        {
            AddKey(tree, key);
        }
        return tree;
    }

    public void Verify(CancellationToken cancellation) { }

    public void Dispose() { }

    private async Task BootstrapAsync(string destination, IProgressStage progress, CancellationToken cancellation)
    {
        await UserNamespaces.RequireAsync(cancellation);
        // mmdebstrap works here as root of a user namespace to which our own home may be closed, and apt as its user _apt.
        await using TemporaryDirectory place = TemporaryDirectory.Create();
        File.SetUnixFileMode(place.Path, (UnixFileMode)0x1ED);
        string keys = place.Join("keys");
        AptKeyrings.Gather(keys, source.Keys);
        File.SetUnixFileMode(keys, (UnixFileMode)0x1ED);
        Dictionary<string, string?> environment = new(await HostProxyAsync(cancellation), StringComparer.Ordinal)
        {
            ["TMPDIR"] = place.Path,
            ["SOURCE_DATE_EPOCH"] = (sourceDateEpoch ?? Epoch)?.ToString(CultureInfo.InvariantCulture),
        };
        Tool mmdebstrap = new("mmdebstrap", [.. Options(keys), source.Suite.Value, "-", .. Mirrors(place)])
        {
            Environment = environment,
            Output = async (stream, token) =>
            {
                await using FileStream file = new(destination, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 20);
                await stream.CopyToAsync(file, 1 << 20, token);
            },
            ErrorLine = line => ShowLine(line, progress),
            GoodExitCodes = [.. Enumerable.Range(0, 256)],
            Log = log,
        };
        ToolResult result = await mmdebstrap.RunAsync(cancellation);
        if (result.ExitCode != 0)
        {
            throw AptFailure.Explain(result.Errors, source) ?? mmdebstrap.Failed(result);
        }
    }

    private IEnumerable<string> Options(string keys)
    {
        yield return "--variant=minbase";
        yield return UserNamespaces.IsNeeded ? "--mode=unshare" : "--mode=root";
        yield return "--format=tar";
        yield return $"--keyring={keys}";
        // Nobody needs a tree that survives a power cut half made: no fsync a file.
        yield return "--dpkgopt=force-unsafe-io";
        yield return $"--customize-hook={OfThisHost}";
        if (source.Packages.Count > 0)
        {
            yield return $"--include={string.Join(',', source.Packages.Select(package => package.Value))}";
        }
    }

    /// <summary>One-line entries as they are; those with a key inside go into files, which mmdebstrap takes as well.</summary>
    private IEnumerable<string> Mirrors(TemporaryDirectory place)
    {
        int number = 0;
        foreach ((AptSuite suite, _) in suites)
        {
            if (!suite.Entry.HasEmbeddedKey)
            {
                yield return suite.Entry.ToLines().Single();
                continue;
            }
            string file = place.Join($"extra{++number}.sources");
            File.WriteAllText(file, suite.Entry.ToStanza());
            yield return file;
        }
    }

    private async Task<Dictionary<string, string?>> HostProxyAsync(CancellationToken cancellation)
    {
        // mmdebstrap's apt does not read the host's configuration, only these variables.
        Tool config = new("apt-config", "shell", "HTTP", "Acquire::http::Proxy", "HTTPS", "Acquire::https::Proxy") { Log = log };
        Dictionary<string, string?> variables = new(StringComparer.Ordinal);
        foreach (string line in (await config.ReadAsync(cancellation)).Split('\n'))
        {
            int equals = line.IndexOf('=', StringComparison.Ordinal);
            string value = equals < 0 ? "" : line[(equals + 1)..].Trim('\'');
            if (value.Length > 0 && !value.StartsWith("DIRECT", StringComparison.OrdinalIgnoreCase))
            {
                variables[line.StartsWith("HTTPS=", StringComparison.Ordinal) ? "https_proxy" : "http_proxy"] = value;
            }
        }
        return variables;
    }

    private static void ShowLine(string line, IProgressStage progress)
    {
        if (line.StartsWith("I: ", StringComparison.Ordinal) || line.StartsWith("W: ", StringComparison.Ordinal))
        {
            progress.Detail($"mmdebstrap: {line[3..]}");
        }
    }

    private static void AddKey(FileTree tree, RecipeText key)
    {
        using FileStream file = AptKeyrings.Open(key);
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        UnixPath path = UnixPath.From($"etc/apt/trusted.gpg.d/{AptKeyrings.NameOf(key)}");
        TreeEntry entry = new()
        {
            Path = path,
            Kind = NodeKind.File,
            Mode = 0x1A4,
            Size = bytes.Length,
            ModifiedSeconds = tree.Find(UnixPath.From("etc/apt"))?.Entry.ModifiedSeconds ?? 0,
        };
        tree.Put(path, new TreeInode(entry, new HeldData(bytes)));
    }
}
