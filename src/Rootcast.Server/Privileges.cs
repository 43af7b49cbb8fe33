namespace Rootcast.Server;

/// <summary>What low ports take on Linux.</summary>
internal static class Privileges
{
    /// <summary>What to do, in words that follow the port.</summary>
    public const string Hint =
        "needs root or CAP_NET_BIND_SERVICE (setcap cap_net_bind_service=+ep PROGRAM, or AmbientCapabilities= of a systemd unit)";
}
