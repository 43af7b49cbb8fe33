namespace Rootcast.Contract;

/// <summary>The artefact of form <c>livefs</c> from the inside.</summary>
public static class LiveImage
{
    /// <summary>Where in the squashfs the root's file system is.</summary>
    public const string Path = "LiveOS/rootfs.img";
}
