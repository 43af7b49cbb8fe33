namespace Rootcast.Contract;

/// <summary>The marks that every boot has, in their order.</summary>
public static class Marks
{
    /// <summary>The first line of <c>/init</c>'s Main.</summary>
    public const string InitStart = "init-start";

    /// <summary>The modules that the plan needs are loaded.</summary>
    public const string Modules = "modules-loaded";

    /// <summary>The shell of <c>rootcast.rescue</c> is about to start.</summary>
    public const string Rescue = "rescue";

    /// <summary>The link is up and has an address (carrier <c>http</c>).</summary>
    public const string NetworkUp = "network-up";

    /// <summary>The artefact is found: payload file, block device, or the server's answer.</summary>
    public const string ArtefactFound = "artefact-found";

    /// <summary>The last byte of the artefact is here and verified (carrier <c>http</c>).</summary>
    public const string Fetched = "fetched";

    /// <summary>The root is mounted and can be written to.</summary>
    public const string RootMounted = "root-mounted";

    /// <summary>The last mark of init: the next system call executes the tree's own init.</summary>
    public const string SwitchRoot = "switch-root";

    /// <summary>The tree's system says that it has reached its default target.</summary>
    public const string Ready = "ready";
}
