namespace Rootcast.Server.Nodes;

/// <summary>The kinds of <see cref="BootMoment"/>.</summary>
public static class MomentKinds
{
    /// <summary>The server saw a stage (<see cref="BootStages"/>).</summary>
    public const string Stage = "stage";

    /// <summary><c>/init</c> or the tree's system set a mark.</summary>
    public const string Mark = "mark";

    /// <summary>A line of the failure screen.</summary>
    public const string Fail = "fail";

    /// <summary>One of the last lines of <c>/init</c>'s log before a failure.</summary>
    public const string Log = "log";

    /// <summary>One of the kernel's last lines before a failure.</summary>
    public const string Kernel = "kernel";

    /// <summary>What the server decided: a fallback, a deadline that passed.</summary>
    public const string Note = "note";
}
