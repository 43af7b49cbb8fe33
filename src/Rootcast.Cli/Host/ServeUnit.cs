using Rootcast.Cli.Nodes;

namespace Rootcast.Cli.Host;

/// <summary>A systemd unit for <c>rootcast serve</c>: no user of the system's, one capability, and nothing of this host but the store.</summary>
internal static class ServeUnit
{
    /// <summary>Where its store is.</summary>
    public const string Store = "/var/lib/rootcast/store";

    /// <summary>Where it keeps what it knows of nodes.</summary>
    public const string State = "/var/lib/rootcast/state";

    /// <summary>The unit.</summary>
    /// <param name="program">Absolute path of rootcast.</param>
    /// <param name="arguments">What follows <c>serve</c>.</param>
    public static string Text(string program, IEnumerable<string> arguments) =>
        $"""
            [Unit]
            Description=Rootcast boot server
            Wants=network-online.target
            After=network-online.target

            [Service]
            ExecStart={string.Join(' ', arguments.Prepend("serve").Prepend(program).Select(Quote))}
            Environment=ROOTCAST_STORE={Store}
            Environment={ServeState.Variable}={State}
            StateDirectory=rootcast
            Restart=on-failure
            # 10,000 connections, and the files that are sent on them.
            LimitNOFILE=65536
            DynamicUser=yes
            # Ports 67 and 69.
            AmbientCapabilities=CAP_NET_BIND_SERVICE
            CapabilityBoundingSet=CAP_NET_BIND_SERVICE
            NoNewPrivileges=yes
            ProtectSystem=strict
            ProtectHome=yes
            PrivateTmp=yes
            PrivateDevices=yes
            ProtectClock=yes
            ProtectControlGroups=yes
            ProtectHostname=yes
            ProtectKernelLogs=yes
            ProtectKernelModules=yes
            ProtectKernelTunables=yes
            ProtectProc=invisible
            LockPersonality=yes
            MemoryDenyWriteExecute=yes
            RemoveIPC=yes
            RestrictAddressFamilies=AF_INET AF_INET6 AF_NETLINK AF_UNIX
            RestrictNamespaces=yes
            RestrictRealtime=yes
            RestrictSUIDSGID=yes
            SystemCallArchitectures=native
            SystemCallFilter=@system-service
            SystemCallFilter=~@privileged @resources
            SystemCallErrorNumber=EPERM
            UMask=0022

            [Install]
            WantedBy=multi-user.target

            """;

    /// <summary>A word of systemd's command lines (systemd.service(5)).</summary>
    private static string Quote(string word)
    {
        string escaped = word.Replace("%", "%%", StringComparison.Ordinal).Replace("$", "$$", StringComparison.Ordinal);
        return escaped.Length > 0 && escaped.AsSpan().IndexOfAny(" \t\"'\\;") < 0
            ? escaped
            : $"\"{escaped.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
    }
}
