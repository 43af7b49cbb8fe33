namespace Rootcast.Server.Nodes;

/// <summary>Which image a node boots and why. A pure function of what is known.</summary>
/// <param name="Image">The image; null when nothing can be booted.</param>
/// <param name="Reason">In words, for the log and the node's screen.</param>
/// <param name="IsFallback">Whether it stands for another that failed too often.</param>
public readonly record struct ImageChoice(ServedImage? Image, string Reason, bool IsFallback = false)
{
    /// <summary>The reason of what was asked for one boot alone.</summary>
    public const string ForOneBoot = "asked for, for this boot";

    /// <summary>Chooses.</summary>
    /// <param name="node">The node.</param>
    /// <param name="assignments">Those that hold.</param>
    /// <param name="served">What can be booted; the first is what nodes get to which nothing is assigned.</param>
    /// <param name="history">The node's boots, the newest first.</param>
    /// <param name="attempts">How often a new image may fail.</param>
    public static ImageChoice For(
        Node node,
        IReadOnlyList<Assignment> assignments,
        IReadOnlyList<ServedImage> served,
        IReadOnlyList<NodeBoot> history,
        int attempts
    )
    {
        if (node.Next is { } next && IsServed(next))
        {
            return new ImageChoice(next, ForOneBoot);
        }
        string missing = "";
        ServedImage? wanted = null;
        DateTimeOffset since = DateTimeOffset.MinValue;
        string reason = "the newest image; nothing is assigned";
        if (Assigned(node, assignments) is { } assignment)
        {
            if (IsServed(assignment.Image))
            {
                (wanted, since, reason) = (assignment.Image, assignment.Since, $"assigned to {assignment.Pattern}");
            }
            else
            {
                missing = $"; {assignment.Image.Name}, which is assigned to {assignment.Pattern}, is not in the store any more";
            }
        }
        wanted ??= served.Count > 0 ? served[0] : null;
        if (wanted is null)
        {
            return new ImageChoice(null, "there is no image to boot");
        }
        return BootCounting.Fallback(wanted.Digest, since, history, served, attempts) is { } good
            ? new ImageChoice(
                good,
                $"fallback: {wanted.Name} ({Short(wanted.Digest)}) did not get this node ready in {BootCounting.Failures(wanted.Digest, since, history)} boots",
                IsFallback: true
            )
            : new ImageChoice(wanted, reason + missing);

        bool IsServed(ServedImage image) => served.Any(one => one.Digest == image.Digest);
    }

    /// <summary>The assignment that names the node most closely; of two the newer. Null when there is none.</summary>
    public static Assignment? Assigned(Node node, IReadOnlyList<Assignment> assignments)
    {
        Assignment? best = null;
        foreach (Assignment one in assignments)
        {
            if (
                one.Pattern.Matches(node.Id, node.Labels)
                && (best is null || (one.Pattern.Closeness, one.Number).CompareTo((best.Pattern.Closeness, best.Number)) > 0)
            )
            {
                best = one;
            }
        }
        return best;
    }

    /// <summary>The first twelve digits of a digest, for people.</summary>
    public static string Short(string digest) => digest["sha256:".Length..][..12];
}
