using System.CommandLine;
using System.Text.Json;
using Rootcast.Cli.Nodes;
using Rootcast.Contract;
using Rootcast.Server.Api;
using Rootcast.Server.Nodes;

namespace Rootcast.Cli.Commands;

/// <summary><c>rootcast node configure</c>.</summary>
internal static class NodeConfigureCommand
{
    public static Command Create(Session session)
    {
        NodeConnection connection = new();
        Argument<string> target = NodeCommand.Target();
        Option<string?> hostname = new("--hostname") { Description = "The machine's name", HelpName = "NAME" };
        Option<string?> ip = new("--ip")
        {
            Description = "Its network as the kernel's ip= has it: 10.0.0.7::10.0.0.1:255.255.255.0::eth0:none",
            HelpName = "IP",
        };
        Option<string[]> keys = Many("--ssh-key", "Who may log in as root: a file with lines of authorized_keys", "FILE");
        Option<string[]> files = Many("--file", "A file for its tree: PATH=FILE, or PATH=FILE:MODE", "PATH=FILE");
        Option<string[]> secrets = Many(
            "--secret",
            "A file that it gets once in each boot, by HTTPS alone: PATH=FILE, or PATH=FILE:MODE",
            "PATH=FILE"
        );
        Option<string?> append = new("--append") { Description = "More kernel arguments, in one word", HelpName = "ARGS" };
        Option<bool> clear = new("--clear") { Description = "Forget what was configured before, instead of adding to it" };
        DocumentedCommand command = connection.AddTo(
            new DocumentedCommand(
                "configure",
                "Give a node a name, a network, keys, files and kernel arguments of its own, from its next boot on; or a group of nodes all but the name. Without options it shows "
                    + "what there is.",
                "rootcast node configure 52:54:00:12:34:56 --hostname web3 --ssh-key id_ed25519.pub",
                "rootcast node configure web3 --file /etc/motd=motd --file /usr/local/bin/start=start.sh:0755 --append console=ttyS1",
                "rootcast node configure rack=3 --ssh-key id_ed25519.pub"
            )
            {
                target,
                hostname,
                ip,
                keys,
                files,
                secrets,
                append,
                clear,
            }
        );
        command.SetAction(
            async (parsed, cancellation) =>
            {
                NodeClient client = connection.Open(parsed);
                string named = parsed.GetRequiredValue(target);
                string path = NodePattern.Parse(named) is { } group
                    ? $"/groups/{Uri.EscapeDataString(group.ToString())}/configuration"
                    : NodeCommand.PathOf(named) + "/configuration";
                bool clears = parsed.GetValue(clear);
                NodeConfiguration before = clears ? new NodeConfiguration() : await BeforeAsync(client, path, cancellation);
                NodeConfiguration wanted = before with
                {
                    Hostname = parsed.GetValue(hostname) ?? before.Hostname,
                    Ip = parsed.GetValue(ip) ?? before.Ip,
                    Arguments = parsed.GetValue(append) ?? before.Arguments,
                    SshKeys = parsed.GetValue(keys) is { Length: > 0 } given ? [.. given.SelectMany(Keys)] : before.SshKeys,
                    Files = Merge(before.Files, parsed.GetValue(files)!, "0644"),
                    Secrets = Merge(before.Secrets, parsed.GetValue(secrets)!, "0600"),
                };
                NodeConfiguration has =
                    clears || wanted != before
                        ? await client.SendAsync(
                            "PUT",
                            path,
                            JsonSerializer.SerializeToUtf8Bytes(wanted, ApiJson.Default.NodeConfiguration),
                            ApiJson.Default.NodeConfiguration,
                            cancellation
                        )
                        : before;
                session.WriteJson(JsonSerializer.SerializeToUtf8Bytes(has, ApiJson.Default.NodeConfiguration));
                return ExitCodes.Done;
            }
        );
        return command;
    }

    /// <summary>What the node has; nothing where the node is not known yet, which the change makes it.</summary>
    private static async Task<NodeConfiguration> BeforeAsync(NodeClient client, string path, CancellationToken cancellation)
    {
        try
        {
            return await client.GetAsync(path, ApiJson.Default.NodeConfiguration, cancellation);
        }
        catch (UserError error) when (error.Message.StartsWith("There is no node", StringComparison.Ordinal))
        {
            return new NodeConfiguration();
        }
    }

    private static Option<string[]> Many(string name, string description, string help) =>
        new(name)
        {
            Description = description,
            HelpName = help,
            DefaultValueFactory = _ => [],
        };

    private static IEnumerable<string> Keys(string file) =>
        System
            .Text.Encoding.UTF8.GetString(Read(file))
            .Split('\n')
            .Select(line => line.Trim())
            .Where(line => line.Length > 0 && line[0] != '#');

    private static IReadOnlyList<NodeFile> Merge(IReadOnlyList<NodeFile> before, string[] named, string usualMode)
    {
        if (named.Length == 0)
        {
            return before;
        }
        List<NodeFile> merged = [.. before];
        foreach (string text in named)
        {
            NodeFile file = File(text, usualMode);
            merged.RemoveAll(other => other.Path == file.Path);
            merged.Add(file);
        }
        return merged;
    }

    private static NodeFile File(string text, string mode)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
        {
            throw new UserError(
                $"'{text}' is no PATH=FILE.",
                "Write --file /etc/motd=motd, or =motd:0600 with its mode.",
                UserErrorKind.Input
            );
        }
        string source = text[(equals + 1)..];
        int colon = source.LastIndexOf(':');
        if (colon > 0 && source.Length - colon is 4 or 5 && !source.AsSpan(colon + 1).ContainsAnyExcept("01234567"))
        {
            mode = source[(colon + 1)..];
            source = source[..colon];
        }
        return new NodeFile(text[..equals], mode, Read(source));
    }

    private static byte[] Read(string file)
    {
        try
        {
            return System.IO.File.ReadAllBytes(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"{file} cannot be read: {error.Message}", "Name a file of this host.", UserErrorKind.Input, error);
        }
    }
}
