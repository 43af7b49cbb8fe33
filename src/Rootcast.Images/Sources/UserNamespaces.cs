using Rootcast.Contract;
using Rootcast.Images.Tools;

namespace Rootcast.Images.Sources;

/// <summary>Work on trees needs many user ids. Root has them; another user gets a range of subordinate ids in a user namespace (subuid(5)).</summary>
internal static class UserNamespaces
{
    /// <summary>What has to stand before a command so that it is root over a range of ids; nothing when we are root.</summary>
    internal static IReadOnlyList<string> Prefix => IsNeeded ? ["unshare", "--map-root-user", "--map-auto"] : [];

    /// <summary>Whether we are an ordinary user.</summary>
    internal static bool IsNeeded => !Environment.IsPrivilegedProcess;

    /// <summary>Checks that this user may make one.</summary>
    internal static async Task RequireAsync(CancellationToken cancellation)
    {
        if (!IsNeeded)
        {
            return;
        }
        Tool.Require("unshare", "newuidmap");
        Tool probe = new("unshare", "--map-root-user", "--map-auto", "true") { GoodExitCodes = [.. Enumerable.Range(0, 256)] };
        ToolResult result = await probe.RunAsync(cancellation);
        if (result.ExitCode != 0)
        {
            string user = Environment.UserName;
            throw new UserError(
                $"{user} may not make a user namespace with a range of ids: {result.Errors.Trim()}",
                $"Let root do once: usermod --add-subuids 100000-165535 --add-subgids 100000-165535 {user}"
                    + " (and sysctl kernel.unprivileged_userns_clone=1 where that is off), or run this as root.",
                UserErrorKind.Missing
            );
        }
    }
}
