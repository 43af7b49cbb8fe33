namespace Rootcast.Server;

/// <summary>Where the parts of a server say what they do. What is refused is said once for each client and reason, so that nobody fills the log.</summary>
/// <param name="write">Takes a line; called by several threads, one at a time.</param>
public sealed class ServerLog(Action<ServerEvent> write)
{
    /// <summary>When so many refusals are remembered all are forgotten: clients' addresses are easily made up.</summary>
    private const int MostRemembered = 4096;

    private readonly Lock gate = new();
    private readonly HashSet<ServerEvent> refused = [];

    /// <summary>Says what happened.</summary>
    public void Say(ServerEvent happened)
    {
        lock (gate)
        {
            write(happened);
        }
    }

    /// <summary>Says what was refused, if it was not said before.</summary>
    public void Refuse(ServerEvent happened)
    {
        lock (gate)
        {
            if (refused.Count >= MostRemembered)
            {
                refused.Clear();
            }
            if (refused.Add(happened))
            {
                write(happened);
            }
        }
    }
}
