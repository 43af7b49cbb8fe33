namespace Rootcast.Server.Nodes;

/// <summary>How a node's boot ended.</summary>
public enum BootOutcome
{
    /// <summary>Not yet.</summary>
    Open,

    /// <summary>The tree's system said that it is ready.</summary>
    Ready,

    /// <summary><c>/init</c> said that it failed.</summary>
    Failed,

    /// <summary>Nothing was heard until the deadline.</summary>
    Silent,

    /// <summary>The node began anew before this one ended.</summary>
    Superseded,
}
