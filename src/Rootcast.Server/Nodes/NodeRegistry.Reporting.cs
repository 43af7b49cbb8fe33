using System.Globalization;
using Rootcast.Contract;
using Rootcast.Server.State;

namespace Rootcast.Server.Nodes;

public sealed partial class NodeRegistry
{
    private const int MostMoments = 600;
    private const int LongestText = 1024;
    private const int LongestName = 64;

    /// <summary>A node was given something of its boot.</summary>
    /// <param name="key">The boot's <see cref="NodeBoot.ReportKey"/>.</param>
    /// <param name="stage">What: a name of <see cref="BootStages"/>.</param>
    /// <param name="bytes">How many bytes of it.</param>
    public void Fetched(string key, string stage, long bytes)
    {
        if (!IsReportKey(key))
        {
            return;
        }
        NodeBoot? fetching = state.Change(rows =>
        {
            if (NodeRows.BootOfKey(rows, key) is not { } boot || NodeRows.LastMoment(rows, boot.Id) is not (< MostMoments and var last))
            {
                return null;
            }
            NodeRows.Add(rows, boot.Id, new BootMoment(last + 1, Now, MomentKinds.Stage, stage, null, bytes));
            // What init says of itself tells more than what it fetches.
            if (boot.Stage is BootStages.Script or BootStages.Kernel && stage is BootStages.Kernel or BootStages.Initrd)
            {
                SetStage(rows, boot.Id, stage);
            }
            return boot;
        });
        if (fetching is not null)
        {
            Feed.Tell(new NodeChange("boot", fetching.Node, fetching.Id));
        }
    }

    /// <summary>A node's firmware was given kernel and initrd as one program, whose address names no boot: its last one.</summary>
    /// <param name="identity">The node.</param>
    /// <param name="bytes">How many bytes of it.</param>
    public void FetchedProgram(NodeIdentity identity, long bytes)
    {
        IReadOnlyList<NodeBoot> boots = state.Read<IReadOnlyList<NodeBoot>>(rows =>
            identity.Keys.Select(key => NodeRows.Owner(rows, key.Kind, key.Value)).FirstOrDefault(owner => owner is not null) is { } node
                ? NodeRows.Boots(rows, node, 1)
                : []
        );
        if (boots is [{ Outcome: BootOutcome.Open } last])
        {
            Fetched(last.ReportKey, BootStages.Kernel, bytes);
        }
    }

    /// <summary>A boot tells of itself: lines of <see cref="GuestEvent"/>. What is not understood is passed over.</summary>
    /// <param name="key">The boot's <see cref="NodeBoot.ReportKey"/>.</param>
    /// <param name="lines">The lines; too many or too long ones are cut off.</param>
    /// <returns>Whether there is such a boot.</returns>
    public bool Report(string key, IEnumerable<string> lines)
    {
        if (!IsReportKey(key))
        {
            return false;
        }
        (NodeBoot? before, NodeBoot? after, string? said) = state.Change(rows =>
        {
            if (NodeRows.BootOfKey(rows, key) is not { } boot)
            {
                return ((NodeBoot?)null, (NodeBoot?)null, (string?)null);
            }
            string? why = Take(rows, boot, lines);
            return (boot, NodeRows.Boot(rows, boot.Id), why);
        });
        if (after is null)
        {
            return false;
        }
        if (after.Outcome != before!.Outcome)
        {
            KeepImages();
            Say(
                after.Node,
                after.Outcome == BootOutcome.Ready
                    ? string.Create(
                        CultureInfo.InvariantCulture,
                        $"is ready with {after.Image} ({ImageChoice.Short(after.Digest)}) after {(Now - after.Started).TotalSeconds:0.0} s"
                    )
                    : $"failed to boot {after.Image} ({ImageChoice.Short(after.Digest)}) after {after.Stage}{(said is null ? "" : $": {said}")}"
            );
        }
        Feed.Tell(new NodeChange("boot", after.Node, after.Id));
        return true;
    }

    /// <summary>Ends boots whose deadline has passed, and looks again when the next one does.</summary>
    private void LookAtDeadlines()
    {
        try
        {
            (IReadOnlyList<NodeBoot> silent, DateTimeOffset? next) = state.Change(rows =>
            {
                IReadOnlyList<NodeBoot> overdue = NodeRows.Overdue(rows, Now);
                foreach (NodeBoot boot in overdue)
                {
                    NodeRows.End(rows, boot.Id, BootOutcome.Silent, boot.Deadline);
                }
                return (overdue, NodeRows.NextDeadline(rows));
            });
            foreach (NodeBoot boot in silent)
            {
                Say(boot.Node, $"went silent after {boot.Stage}, with {boot.Image} ({ImageChoice.Short(boot.Digest)})");
                Feed.Tell(new NodeChange("boot", boot.Node, boot.Id));
            }
            Wake(next);
        }
        catch (UserError error)
        {
            // The next change looks again.
            log.Refuse(new ServerEvent("node", "-", error.Message));
        }
        catch (ObjectDisposedException)
        {
            // The server stops while its timer runs.
        }
    }

    private void Wake(DateTimeOffset? next)
    {
        if (next is { } moment)
        {
            TimeSpan wait = moment - Now;
            deadline.Change(wait > TimeSpan.Zero ? wait + TimeSpan.FromMilliseconds(1) : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Writes down what lines say; the reason of a failure, where they have one.</summary>
    private string? Take(StateTransaction rows, NodeBoot boot, IEnumerable<string> lines)
    {
        long number = NodeRows.LastMoment(rows, boot.Id);
        HashSet<string> marks =
        [
            .. NodeRows.Moments(rows, boot.Id).Where(moment => moment.Kind == MomentKinds.Mark).Select(moment => moment.Name),
        ];
        string? why = null;
        foreach (string line in lines)
        {
            GuestEvent said = GuestEvent.Parse(WithoutKey(line, boot.ReportKey));
            BootMoment? moment = said.Kind switch
            {
                "mark" => MarkOf(said.Text),
                "uptime" => Uptime(said.Text),
                "fail" => new BootMoment(0, Now, MomentKinds.Fail, Printable(said.Text), null, null),
                "log" => new BootMoment(0, Now, MomentKinds.Log, Printable(said.Text), null, null),
                "kernel" => new BootMoment(0, Now, MomentKinds.Kernel, Printable(said.Text), null, null),
                _ => null,
            };
            if (moment is null || number >= MostMoments || (moment.Kind == MomentKinds.Mark && !marks.Add(moment.Name)))
            {
                continue;
            }
            NodeRows.Add(rows, boot.Id, moment with { Number = ++number });
            if (moment.Kind == MomentKinds.Mark)
            {
                SetStage(rows, boot.Id, moment.Name);
            }
            if (moment is { Kind: MomentKinds.Mark, Name: Marks.Ready })
            {
                NodeRows.End(rows, boot.Id, BootOutcome.Ready, Now);
            }
            else if (moment.Kind == MomentKinds.Fail)
            {
                if (why is null && boot.Outcome != BootOutcome.Ready)
                {
                    NodeRows.End(rows, boot.Id, BootOutcome.Failed, Now);
                }
                why = moment.Name.StartsWith(" Failed ", StringComparison.Ordinal) ? moment.Name.Trim() : why ?? "";
            }
        }
        return why is { Length: > 0 } ? why : null;
    }

    /// <summary>A line that everybody may read: the kernel logs its command line, on which the boot's key stands. A line may have been cut off in it.</summary>
    private static string WithoutKey(string line, string key)
    {
        const string left = "...";
        const int fewest = 4;
        string without = line.Replace(key, left, StringComparison.Ordinal);
        for (int length = key.Length - 1; length >= fewest; length--)
        {
            if (without.EndsWith(key[..length], StringComparison.Ordinal))
            {
                return without[..^length] + left;
            }
        }
        return without;
    }

    private static void SetStage(StateTransaction rows, string boot, string stage) =>
        rows.Execute("UPDATE boots SET stage = @stage WHERE id = @id", ("@stage", stage), ("@id", boot));

    private BootMoment? MarkOf(string text)
    {
        string[] words = text.Split(' ');
        bool isMark =
            words is [{ Length: > 0 and <= LongestName }, _]
            && !words[0].AsSpan().ContainsAnyExcept("abcdefghijklmnopqrstuvwxyz0123456789-");
        return isMark && long.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out long nanoseconds)
            ? new BootMoment(0, Now, MomentKinds.Mark, words[0], TimeSpan.FromTicks(nanoseconds / 100), null)
            : null;
    }

    /// <summary>/proc/uptime, sent by the tree's system when it is ready.</summary>
    private BootMoment? Uptime(string text) =>
        double.TryParse(text.Split(' ')[0], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds)
        && seconds is > 0 and < 1e8
            ? new BootMoment(0, Now, MomentKinds.Mark, Marks.Ready, TimeSpan.FromSeconds(seconds), null)
            : null;

    private static string Printable(string text) =>
        string.Concat(text.Take(LongestText).Select(c => char.IsControl(c) && c != '\t' ? '.' : c));
}
