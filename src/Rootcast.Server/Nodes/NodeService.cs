using System.Text;
using Rootcast.Contract;
using Rootcast.Server.Api;
using Rootcast.Server.Content;
using Rootcast.Server.Http;
using Rootcast.Server.Site;

namespace Rootcast.Server.Nodes;

/// <summary>What reaches the registry by HTTP: what boots tell of themselves, and what the server saw them fetch.</summary>
/// <param name="nodes">The registry.</param>
/// <param name="api">What operators' programs ask.</param>
/// <param name="log">Where it is said when something cannot be written down.</param>
public sealed class NodeService(NodeRegistry nodes, NodeApi api, ServerLog log)
{
    /// <summary>A failure screen and 200 lines of the kernel's log are a tenth of it.</summary>
    private const int LongestReport = 256 * 1024;

    private const int LongestToken = 128;

    /// <summary>How many bytes a request to that path may bring; 0 for paths that are not ours.</summary>
    public static int Limit(string path) =>
        BootPaths.ReadBootSecrets(path) is not null ? LongestToken
        : BootPaths.ReadBoot(path) is { } key && NodeRegistry.IsReportKey(key) ? LongestReport
        : NodeApi.IsPath(path) ? NodeApi.LongestBody
        : 0;

    /// <summary>Answers a request to such a path; null where nothing is.</summary>
    public ServedContent? Answer(ReceivedRequest request) =>
        BootPaths.ReadBootSecrets(request.Path) is { } of ? Secrets(of, request)
        : BootPaths.ReadBoot(request.Path) is { } key ? Report(key, request)
        : api.Answer(request);

    /// <summary>A request was answered: when a boot fetched something, that is written down.</summary>
    public void Answered(AnsweredRequest answered)
    {
        if (answered.Method != "GET" || answered.Status is not (200 or 206))
        {
            return;
        }
        try
        {
            WriteDown(answered);
        }
        catch (UserError error)
        {
            // The node has what it asked for; that nobody knows is worth a line.
            log.Refuse(new ServerEvent("node", answered.Client.ToString(), error.Message));
        }
    }

    private void WriteDown(AnsweredRequest answered)
    {
        int question = answered.Target.IndexOf('?', StringComparison.Ordinal);
        string path = question < 0 ? answered.Target : answered.Target[..question];
        if (BootPaths.ReadEfiProgram(ContentRequest.Clean(path)) is { } address)
        {
            nodes.FetchedProgram(NodeIdentity.Of(address, null, null), answered.Bytes);
        }
        else if (question >= 0 && Value(answered.Target[(question + 1)..], "boot") is { } key)
        {
            string? stage = Value(answered.Target[(question + 1)..], "is");
            if (stage is BootStages.Kernel or BootStages.Initrd or BootStages.Artefact)
            {
                nodes.Fetched(key, stage, answered.Bytes);
            }
        }
    }

    private ServedContent? Report(string key, ReceivedRequest request)
    {
        if (request.Method != "POST")
        {
            return ServedContent.OfText("A boot tells of itself here, by POST.\n", status: 405);
        }
        string[] lines = Encoding.UTF8.GetString(request.Body.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return nodes.Report(key, lines) ? ServedContent.OfText("") : null;
    }

    private ServedContent Secrets(string key, ReceivedRequest request)
    {
        if (request.Method != "POST" || !request.IsSecure)
        {
            return ServedContent.OfText("Secrets are given by POST and HTTPS alone.\n", status: request.IsSecure ? 405 : 403);
        }
        return nodes.TakeSecrets(key, Encoding.ASCII.GetString(request.Body.Span), request.Client) is { } bytes
            ? new ServedContent { Parts = [ContentPart.Of(bytes)] }
            : ServedContent.OfText("This token is not good: it was used, is too old, or another boot's.\n", status: 403);
    }

    private static string? Value(string query, string name) =>
        query
            .Split('&')
            .Where(pair => pair.StartsWith(name + "=", StringComparison.Ordinal))
            .Select(pair => pair[(name.Length + 1)..])
            .FirstOrDefault();
}
