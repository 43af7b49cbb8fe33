using System.Globalization;
using Rootcast.Cli.Terminal;
using Rootcast.Server.Api;
using Rootcast.Server.Nodes;
using Spectre.Console;

namespace Rootcast.Cli.Nodes;

/// <summary>Nodes and boots for people.</summary>
internal static class NodeTexts
{
    private const int DigestDigits = 12;

    /// <summary>Nodes, one a line.</summary>
    public static Table List(IReadOnlyList<NodeData> nodes)
    {
        Table table = Tables.Plain("node", "name", "labels", "last boot", "stage", "image", "since", "assigned");
        foreach (NodeData node in nodes)
        {
            table.AddRow(
                new Text(node.Id),
                new Text(node.Hostname ?? ""),
                new Text(Labels(node)),
                new Text(node.LastBoot?.OutcomeName ?? (node.Approved ? "" : "waits")),
                new Text(node.LastBoot?.Stage ?? ""),
                new Text(node.LastBoot is { } last ? Version(last.Image, last.Digest) : ""),
                new Text(Amounts.Moment(node.LastBoot?.Started ?? node.Seen)),
                new Text(node.Assignment is { } assigned ? $"{Version(assigned.Image, assigned.Digest)} by {assigned.Pattern}" : "")
            );
        }
        return table;
    }

    /// <summary>One node.</summary>
    public static void Show(TextWriter output, NodeData node)
    {
        Line("node", node.Id);
        Line("host name", node.Hostname);
        Line("known by", string.Join(", ", node.Keys.Select(key => $"{key.Kind} {key.Value}")));
        Line("labels", Labels(node));
        Line("configured", string.Join("; ", node.Groups));
        Line("approved", node.Approved ? "yes" : "no");
        Line("first seen", Amounts.Moment(node.Created));
        Line("last seen", $"{Amounts.Moment(node.Seen)}{(node.Address.Length > 0 ? $" from {node.Address}" : "")}");
        Line("assigned", node.Assignment is { } assigned ? $"{Version(assigned.Image, assigned.Digest)} by {assigned.Pattern}" : "nothing");
        Line("next boot", node.Next is { } next ? $"{Version(next.Name, next.Digest)}, once" : null);
        foreach (NodeBoot boot in node.Boots ?? [])
        {
            Line(
                "boot",
                $"{Amounts.Moment(boot.Started)} {boot.OutcomeName} ({boot.Stage}) {Version(boot.Image, boot.Digest)}: {boot.Reason}"
            );
        }

        void Line(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                output.WriteLine($"{name, -11} {value}");
            }
        }
    }

    /// <summary>A boot as a timeline; of a failure its screen and the kernel's last lines.</summary>
    public static void Log(TextWriter output, BootLogData log)
    {
        NodeBoot boot = log.Boot;
        output.WriteLine($"boot {boot.Id} of {boot.Node}, {boot.Started.ToLocalTime():yyyy-MM-dd HH:mm:ss}");
        output.WriteLine($"{Version(boot.Image, boot.Digest)}: {boot.Reason}");
        foreach (MomentData moment in log.Moments.Where(moment => moment.Kind is "stage" or "mark" or "note"))
        {
            string clock = moment.Clock is { } seconds ? $"  kernel {seconds.ToString("0.000", CultureInfo.InvariantCulture)} s" : "";
            string bytes = moment.Bytes is { } count ? $"  {Amounts.Bytes(count)}" : "";
            string since = (moment.At - boot.Started).TotalSeconds.ToString("+0.000;-0.000", CultureInfo.InvariantCulture);
            output.WriteLine($"{since, 10} s  {moment.Name}{bytes}{clock}");
        }
        output.WriteLine(
            boot.OutcomeName switch
            {
                "open" => $"under way; should be ready by {boot.Deadline.ToLocalTime():HH:mm:ss}",
                "silent" => $"silent: nothing was heard after {boot.Stage}",
                "superseded" => $"superseded: the node began anew after {boot.Stage}",
                var other => other,
            }
        );
        foreach (MomentData line in log.Moments.Where(moment => moment.Kind == "fail"))
        {
            output.WriteLine(line.Name);
        }
        Lines("log", "the last lines of init's log:");
        Lines("kernel", "the kernel's last lines:");

        void Lines(string kind, string title)
        {
            string[] lines = [.. log.Moments.Where(moment => moment.Kind == kind).Select(moment => moment.Name)];
            if (lines.Length > 0)
            {
                output.WriteLine(title);
                output.WriteLine("  " + string.Join("\n  ", lines));
            }
        }
    }

    /// <summary>An image's name and the beginning of its digest.</summary>
    public static string Version(string name, string digest) => $"{name} {digest["sha256:".Length..][..DigestDigits]}";

    private static string Labels(NodeData node) => string.Join(' ', node.Labels.Select(label => $"{label.Key}={label.Value}"));
}
