using System.Net;
using System.Security.Authentication;
using System.Text;
using Rootcast.Contract;
using Rootcast.Init.Carriers;
using Rootcast.Linux;
using Rootcast.Linux.Files;
using Rootcast.Protocols.Http;

namespace Rootcast.Init.Network;

/// <summary>The secrets of <c>rootcast.secrets=</c>: fetched once, by HTTPS and for the token of <c>rootcast.token=</c>, and put where the node's other files are,
/// from where they come into the tree at the handover. What fails is on screen, and the boot goes on: a machine that can be reached is worth more than one
/// that stands still.</summary>
public static class SecretFetch
{
    /// <summary>The network is up: fetches them, when the plan has some.</summary>
    public static void Run(Boot boot, ConfiguredLink network)
    {
        if (boot.Plan.Secrets is not { } address || boot.Plan.Token is not { } token)
        {
            return;
        }
        try
        {
            if (!HttpUrl.TryParse(address, out HttpUrl? url) || url!.Scheme != "https")
            {
                throw new UserError($"{address} is no https URL", "The server has to be reached by HTTPS.");
            }
            byte[] authorities = File.Exists(InitramfsPaths.Authority)
                ? File.ReadAllBytes(InitramfsPaths.Authority)
                : throw new UserError($"the initramfs has no {InitramfsPaths.Authority} by which the server could be judged", "Pack one.");
            NameResolver resolver = new(network.Configuration.NameServers, network.Configuration.Domain);
            IReadOnlyList<(string Path, int Mode, byte[] Content)> files = Fetch(url, resolver.Resolve(url.Host)[0], token, authorities);
            foreach ((string path, int mode, byte[] content) in files)
            {
                Place(InitramfsPaths.NodeTree + path, mode, content);
            }
            boot.Journal.Say($"secrets: {files.Count} files");
        }
        catch (Exception error)
            when (error is UserError or LinuxException or IOException or InvalidDataException or AuthenticationException)
        {
            boot.Journal.Problem($"rootcast.secrets: {error.Message}");
        }
    }

    /// <summary>Asks for them.</summary>
    /// <param name="url">Where.</param>
    /// <param name="address">Of its host.</param>
    /// <param name="token">What they are given for.</param>
    /// <param name="authorities">PEM.</param>
    /// <exception cref="UserError">The server does not give them.</exception>
    public static IReadOnlyList<(string Path, int Mode, byte[] Content)> Fetch(
        HttpUrl url,
        IPAddress address,
        string token,
        byte[] authorities
    )
    {
        using HttpExchange exchange = HttpExchange.Post(
            url,
            address,
            Encoding.ASCII.GetBytes(token),
            new HttpFetchLimits { Authorities = authorities }
        );
        if (exchange.Head.Status != 200)
        {
            throw new UserError(
                $"the server answers {exchange.Head}",
                "The token is good once and for minutes: start the machine again. If it was used, find out by whom."
            );
        }
        byte[] bytes = new byte[SecretFiles.Longest + 1];
        int length = 0;
        while (length < bytes.Length && exchange.Read(bytes.AsSpan(length)) is var got and > 0)
        {
            length += got;
        }
        return SecretFiles.Parse(bytes.AsSpan(0, length));
    }

    private static void Place(string path, int mode, byte[] content)
    {
        const int directoryMode = 0x1ED; // 0755
        for (int slash = path.IndexOf('/', 1); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            byte[] parent = Encoding.UTF8.GetBytes(path[..slash]);
            if (!FileNodes.TryStatus(null, parent, followLinks: true, out _, out _))
            {
                FileNodes.MakeDirectory(null, parent, directoryMode);
            }
        }
        byte[] name = Encoding.UTF8.GetBytes(path);
        using Microsoft.Win32.SafeHandles.SafeFileHandle file = FileNodes.Open(
            null,
            name,
            OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Truncate | OpenFlags.NoFollow,
            0x180
        );
        FileData.Write(file, content, path);
        FileNodes.ChangeMode(file, mode);
    }
}
