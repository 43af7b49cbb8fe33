using System.Text.Json.Serialization;
using Rootcast.Contract;
using Rootcast.Images.Initrds;
using Rootcast.Images.Recipes;

namespace Rootcast.Server.Nodes;

/// <summary>What a machine has of its own. It comes in a segment of its initrd and on its kernel's command line: no image is built again.</summary>
public sealed record NodeConfiguration
{
    private const int MostBytes = 1 << 20;
    private const int LongestArguments = 1024;

    /// <summary>The machine's name, which becomes <c>/etc/hostname</c>.</summary>
    public string? Hostname { get; init; }

    /// <summary><c>ip=</c> as the kernel's nfsroot.rst has it; null asks by DHCP.</summary>
    public string? Ip { get; init; }

    // Of what JSON leaves out the generated reader makes null, whatever stands here.

    /// <summary>Lines of root's <c>authorized_keys</c>.</summary>
    public IReadOnlyList<string> SshKeys
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>More kernel arguments, those of <c>/init</c> among them.</summary>
    public string? Arguments { get; init; }

    /// <summary>Files that are put into the tree just before the handover.</summary>
    public IReadOnlyList<NodeFile> Files
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>Files that nobody but the node may see: handed out once in each boot, by HTTPS alone. The API never shows what is in them.</summary>
    public IReadOnlyList<NodeFile> Secrets
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>Whether the node's initrd has a segment of its own.</summary>
    [JsonIgnore]
    public bool HasSegment => Hostname is not null || SshKeys.Count > 0 || Files.Count > 0;

    /// <summary>Whether it has nothing.</summary>
    [JsonIgnore]
    public bool IsEmpty => !HasSegment && Ip is null && string.IsNullOrWhiteSpace(Arguments) && Secrets.Count == 0;

    /// <summary>What it adds to the kernel's command line.</summary>
    [JsonIgnore]
    public KernelArguments KernelArguments => Contract.KernelArguments.Parse($"{(Ip is null ? "" : $"ip={Ip}")} {Arguments}");

    /// <summary>Holds what came from outside against what can be carried out.</summary>
    /// <exception cref="UserError">Something cannot.</exception>
    public void Check()
    {
        if (Hostname is { } name && !HostNames.IsValid(name))
        {
            throw Bad($"'{Printable(name)}' is no host name", HostNames.Hint);
        }
        if (
            Ip is { } ip
            && (ip.Length is 0 or > 255 || ip.AsSpan().ContainsAnyExceptInRange('!', '~') || ip.Contains('"', StringComparison.Ordinal))
        )
        {
            throw Bad(
                "ip: this is no ip= argument",
                "Write it as the kernel's nfsroot.rst has it: 10.0.0.7::10.0.0.1:255.255.255.0::eth0:none."
            );
        }
        if (
            Arguments is { } line
            && (line.Length > LongestArguments || line.AsSpan().ContainsAnyExceptInRange(' ', '~') || line.Count('"') % 2 > 0)
        )
        {
            throw Bad(
                $"arguments: these are no kernel arguments of at most {LongestArguments} printable characters",
                "Write them as on a kernel's command line."
            );
        }
        if (KernelArguments.Any(argument => argument.Key.StartsWith("rootcast.report", StringComparison.Ordinal)))
        {
            throw Bad("arguments: rootcast.report is the server's to set", "Leave it out.");
        }
        foreach (string key in SshKeys)
        {
            if (
                key.Length is 0 or > 16_384
                || key.AsSpan().ContainsAnyExceptInRange(' ', '~')
                || !key.Contains(' ', StringComparison.Ordinal)
            )
            {
                throw Bad(
                    $"'{Printable(key)}' is no public key of SSH",
                    "Take a line of an authorized_keys file, such as ~/.ssh/id_ed25519.pub."
                );
            }
        }
        foreach (NodeFile file in Files.Concat(Secrets))
        {
            if (!SecretFiles.IsPath(file.Path))
            {
                throw Bad($"'{Printable(file.Path)}' is no path of a file", "Write an absolute path, without . and .. in it.");
            }
            _ = ModeOf(file);
        }
        if (Files.Concat(Secrets).Sum(file => (long)file.Content.Length) > MostBytes)
        {
            throw Bad($"the files have more than {MostBytes >> 10} KiB together", "Put large files into the image: files: of its recipe.");
        }
    }

    /// <summary>The segment; only where <see cref="HasSegment"/>.</summary>
    /// <exception cref="UserError">See <see cref="Check"/>.</exception>
    public InitrdSegment Segment()
    {
        List<(string, int, byte[])> files = [.. Files.Select(file => (file.Path, ModeOf(file), file.Content))];
        if (SshKeys.Count > 0)
        {
            const int readableByRoot = 0x180; // 0600
            files.Add(("/root/.ssh/authorized_keys", readableByRoot, Bytes(string.Concat(SshKeys.Select(key => key + "\n")))));
        }
        if (Hostname is { } name)
        {
            const int readable = 0x1A4; // 0644
            files.Add(("/etc/hostname", readable, Bytes(name + "\n")));
        }
        return NodeSegment.OfFiles(files);
    }

    /// <summary>This one on top of another: its name, network and files come before the other's, keys and kernel arguments are added to them.</summary>
    public NodeConfiguration Over(NodeConfiguration below) =>
        this with
        {
            Hostname = Hostname ?? below.Hostname,
            Ip = Ip ?? below.Ip,
            SshKeys = [.. below.SshKeys.Union(SshKeys, StringComparer.Ordinal)],
            // Of an argument that is there twice the last one counts.
            Arguments = $"{below.Arguments} {Arguments}".Trim() is { Length: > 0 } line ? line : null,
            Files = Over(Files, below.Files),
            Secrets = Over(Secrets, below.Secrets),
        };

    /// <summary>What may be shown: the same without what is in the secrets.</summary>
    public NodeConfiguration WithoutSecrets() => this with { Secrets = [.. Secrets.Select(file => file with { Content = [] })] };

    /// <summary>The same with what the secrets of a former configuration held, where this one names them without their contents: as they are shown.</summary>
    public NodeConfiguration WithSecretsOf(NodeConfiguration former) =>
        this with
        {
            Secrets =
            [
                .. Secrets.Select(file =>
                    file.Content.Length == 0 ? former.Secrets.FirstOrDefault(other => other.Path == file.Path) ?? file : file
                ),
            ],
        };

    /// <summary>The secrets as they are handed out.</summary>
    internal byte[] SecretBytes() => SecretFiles.ToBytes([.. Secrets.Select(file => (file.Path, ModeOf(file), file.Content))]);

    /// <summary>Permissions of a file.</summary>
    /// <exception cref="UserError">They are none.</exception>
    internal static int ModeOf(NodeFile file)
    {
        bool isOctal = file.Mode.Length is > 0 and <= 5 && !file.Mode.AsSpan().ContainsAnyExcept("01234567");
        int mode = isOctal ? Convert.ToInt32(file.Mode, 8) : -1;
        return mode is >= 0 and <= 0xFFF
            ? mode
            : throw Bad($"{Printable(file.Path)}: '{Printable(file.Mode)}' are no permissions", "Write them in octal: 0644.");
    }

    private static List<NodeFile> Over(IReadOnlyList<NodeFile> files, IReadOnlyList<NodeFile> below)
    {
        List<NodeFile> all = [.. below];
        all.RemoveAll(file => files.Any(other => other.Path == file.Path));
        all.AddRange(files);
        return all;
    }

    private static byte[] Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    private static string Printable(string text) => string.Concat(text.Take(80).Select(c => char.IsControl(c) ? '.' : c));

    internal static UserError Bad(string what, string hint) => new($"The node's configuration: {what}.", hint, UserErrorKind.Input);
}
