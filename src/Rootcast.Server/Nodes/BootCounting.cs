namespace Rootcast.Server.Nodes;

/// <summary>Falls back to what a node last was ready with when a new image does not get it ready. A pure function of the node's boots.</summary>
public static class BootCounting
{
    /// <summary>How many boots with an image failed, where that image has never got the node ready since; 0 where it has.</summary>
    /// <param name="digest">The image.</param>
    /// <param name="since">Since when it is assigned: who assigns it once more wants it tried once more.</param>
    /// <param name="history">The node's boots, the newest first.</param>
    public static int Failures(string digest, DateTimeOffset since, IReadOnlyList<NodeBoot> history)
    {
        int failures = 0;
        foreach (NodeBoot boot in history)
        {
            if (boot.Digest != digest)
            {
                continue;
            }
            if (boot.Outcome == BootOutcome.Ready)
            {
                // It is good for this node: what fails now is something else, and there is nothing better to go back to.
                return 0;
            }
            failures += boot.Started >= since && boot.CountsAgainstImage ? 1 : 0;
        }
        return failures;
    }

    /// <summary>The image that the node was last ready with, of those that are still served; null when there is none beside the one that fails.</summary>
    /// <param name="digest">The one that fails.</param>
    /// <param name="history">As above.</param>
    /// <param name="served">What can be booted.</param>
    public static ServedImage? LastGood(string digest, IReadOnlyList<NodeBoot> history, IReadOnlyList<ServedImage> served)
    {
        foreach (NodeBoot boot in history)
        {
            if (boot.Outcome == BootOutcome.Ready && boot.Digest != digest && served.Any(image => image.Digest == boot.Digest))
            {
                return new ServedImage(boot.Image, boot.Digest);
            }
        }
        return null;
    }

    /// <summary>What the node gets instead; null to try the image (again).</summary>
    /// <param name="digest">The image that it should get.</param>
    /// <param name="since">See <see cref="Failures"/>.</param>
    /// <param name="history">See <see cref="Failures"/>.</param>
    /// <param name="served">See <see cref="LastGood"/>.</param>
    /// <param name="attempts">How often an image may fail; at least 1.</param>
    public static ServedImage? Fallback(
        string digest,
        DateTimeOffset since,
        IReadOnlyList<NodeBoot> history,
        IReadOnlyList<ServedImage> served,
        int attempts
    ) => Failures(digest, since, history) >= attempts ? LastGood(digest, history, served) : null;
}
