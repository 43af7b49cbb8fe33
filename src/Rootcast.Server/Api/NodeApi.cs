using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Rootcast.Contract;
using Rootcast.Server.Content;
using Rootcast.Server.Dashboard;
using Rootcast.Server.Http;
using Rootcast.Server.Nodes;
using Rootcast.Server.Site;

namespace Rootcast.Server.Api;

/// <summary>Nodes for programs: JSON under <c>/api/v1</c>, described by its OpenAPI document. Everybody may look; who changes something, or sees what a node has of
/// its own, needs a token.</summary>
public sealed class NodeApi
{
    /// <summary>What all paths begin with.</summary>
    public const string Root = "/api/v1";

    /// <summary>Path of the OpenAPI document.</summary>
    public const string Document = Root + "/openapi.json";

    /// <summary>How much a request may bring.</summary>
    public const int LongestBody = 4 << 20;

    private readonly NodeRegistry nodes;
    private readonly NodeSite site;
    private readonly OperatorSignIn operators;
    private readonly IReadOnlyList<ApiRoute> routes;

    /// <summary>Of a registry.</summary>
    /// <param name="nodes">The registry.</param>
    /// <param name="site">Which images there are.</param>
    /// <param name="operators">Who may change something.</param>
    public NodeApi(NodeRegistry nodes, NodeSite site, OperatorSignIn operators)
    {
        this.nodes = nodes;
        this.site = site;
        this.operators = operators;
        routes =
        [
            new("GET", "/openapi.json", NeedsToken: false, _ => OpenApi()),
            new("GET", "/nodes", NeedsToken: false, _ => OfJson(Nodes(), ApiJson.Default.IReadOnlyListNodeData)),
            new("GET", "/nodes/{node}", NeedsToken: false, call => Show(call.Name)),
            new("DELETE", "/nodes/{node}", NeedsToken: true, call => Forget(call.Name)),
            new("POST", "/nodes/{node}/approve", NeedsToken: true, call => Shown(nodes.Approve(call.Name))),
            new("PATCH", "/nodes/{node}/labels", NeedsToken: true, Label),
            new("PUT", "/nodes/{node}/next", NeedsToken: true, BootNext),
            new("GET", "/nodes/{node}/configuration", NeedsToken: true, call => Configuration(nodes.Show(call.Name).Node.Configuration)),
            new("PUT", "/nodes/{node}/configuration", NeedsToken: true, Configure),
            new("GET", "/groups", NeedsToken: true, _ => Groups()),
            new("GET", "/groups/{group}/configuration", NeedsToken: true, call => GroupConfiguration(call.Name)),
            new("PUT", "/groups/{group}/configuration", NeedsToken: true, ConfigureGroup),
            new("GET", "/nodes/{node}/log", NeedsToken: false, call => LastLog(call.Name)),
            new("GET", "/boots/{boot}", NeedsToken: false, call => Log(call.Name)),
            new("GET", "/images", NeedsToken: false, _ => OfJson(Images(), ApiJson.Default.IReadOnlyListServedImageData)),
            new("GET", "/assignments", NeedsToken: false, _ => OfJson(Assignments(), ApiJson.Default.IReadOnlyListAssignmentData)),
            new("POST", "/assignments", NeedsToken: true, Assign),
            new("POST", "/rollback", NeedsToken: true, Rollback),
        ];
    }

    /// <summary>Method and path of all that it does, as the document has to name them.</summary>
    public IEnumerable<(string Method, string Path, bool NeedsToken)> Routes =>
        routes.Select(route => (route.Method, Root + route.Path, route.NeedsToken));

    /// <summary>Whether a path is the API's.</summary>
    public static bool IsPath(string path) => path.StartsWith(Root + "/", StringComparison.Ordinal);

    /// <summary>Answers a request; failures are JSON too.</summary>
    public ServedContent Answer(ReceivedRequest request)
    {
        string path = IsPath(request.Path) ? request.Path[Root.Length..] : "";
        List<ApiRoute> there = [.. routes.Where(route => route.Match(path) is not null)];
        if (there.Count == 0)
        {
            return Failure(404, $"There is nothing at {Printable(request.Path)}.", $"{Document} names all that there is.");
        }
        if (there.Find(route => route.Method == request.Method) is not { } found)
        {
            return Failure(
                405,
                $"{Printable(request.Method)} is not understood there.",
                $"Take {string.Join(" or ", there.Select(route => route.Method))}."
            );
        }
        if (found.NeedsToken && !request.IsOwnOrigin)
        {
            return Failure(
                403,
                "A page of another origin had a browser send this.",
                "Open the dashboard under the address by which this server is asked; a proxy in front has to pass on the Host header."
            );
        }
        try
        {
            return found.NeedsToken && !operators.MayChange(request)
                ? Failure(
                    401,
                    "This takes a token.",
                    "Send Authorization: Bearer TOKEN, the one that the server showed when it first started; or sign in at /dashboard."
                )
                : found.Do(new ApiCall(request, Uri.UnescapeDataString(found.Match(path)!)));
        }
        catch (UserError error)
        {
            return Failure(error.Kind == UserErrorKind.Input ? 400 : 503, error.Message, error.Hint);
        }
    }

    /// <summary>Every node with its last boot.</summary>
    internal IReadOnlyList<NodeData> Nodes()
    {
        IReadOnlyList<Assignment> assignments = nodes.Assignments();
        IReadOnlyList<NodeGroup> groups = nodes.Groups();
        return [.. nodes.List().Select(pair => NodeData.Of(pair.Node, pair.Last, assignments, groups))];
    }

    /// <summary>The images that nodes can be given, and who has them.</summary>
    internal IReadOnlyList<ServedImageData> Images()
    {
        IReadOnlyList<Assignment> assignments = nodes.Assignments();
        IReadOnlyList<(Node Node, NodeBoot? Last)> list = nodes.List();
        return
        [
            .. site.Served()
                .Select(image => new ServedImageData(
                    image.Name,
                    image.Digest,
                    [.. assignments.Where(one => one.Image.Digest == image.Digest).Select(one => one.Pattern.ToString())],
                    [.. list.Where(pair => pair.Last?.Digest == image.Digest).Select(pair => pair.Node.Id)]
                )),
        ];
    }

    /// <summary>The assignments that hold.</summary>
    internal IReadOnlyList<AssignmentData> Assignments() => [.. nodes.Assignments().Select(AssignmentData.Of)];

    private static ServedContent OpenApi()
    {
        using Stream document = typeof(NodeApi).Assembly.GetManifestResourceStream("openapi.json")!;
        byte[] bytes = new byte[document.Length];
        document.ReadExactly(bytes);
        return OfBytes(bytes, 200);
    }

    private ServedContent Show(string node)
    {
        (Node found, IReadOnlyList<NodeBoot> boots) = nodes.Show(node);
        NodeData data = NodeData.Of(found, boots.Count > 0 ? boots[0] : null, nodes.Assignments(), nodes.Groups()) with { Boots = boots };
        return OfJson(data, ApiJson.Default.NodeData);
    }

    private ServedContent Shown(Node node) => Show(node.Id);

    private ServedContent Forget(string node)
    {
        ServedContent shown = Show(node);
        nodes.Forget(node);
        return shown;
    }

    private ServedContent Label(ApiCall call)
    {
        LabelsRequest request = call.Body(ApiJson.Default.LabelsRequest);
        return Shown(nodes.Label(call.Name, request.Set, request.Remove));
    }

    private ServedContent BootNext(ApiCall call) => Shown(nodes.BootNext(call.Name, Image(call.Body(ApiJson.Default.ImageRequest).Image)));

    private ServedContent Configure(ApiCall call)
    {
        NodeConfiguration configuration = call.Body(ApiJson.Default.NodeConfiguration);
        return Configuration(nodes.Configure(call.Name, configuration.WithSecretsOf).Configuration);
    }

    private ServedContent Groups()
    {
        SortedDictionary<string, NodeConfiguration> groups = new(StringComparer.Ordinal);
        foreach (NodeGroup group in nodes.Groups())
        {
            groups[group.Pattern.ToString()] = group.Configuration.WithoutSecrets();
        }
        return OfJson<IReadOnlyDictionary<string, NodeConfiguration>>(groups, ApiJson.Default.IReadOnlyDictionaryStringNodeConfiguration);
    }

    private ServedContent GroupConfiguration(string group) =>
        Configuration(
            nodes.Groups().FirstOrDefault(one => one.Pattern == NodePattern.Parse(group))?.Configuration ?? new NodeConfiguration()
        );

    private ServedContent ConfigureGroup(ApiCall call)
    {
        NodeConfiguration configuration = call.Body(ApiJson.Default.NodeConfiguration);
        return Configuration(nodes.ConfigureGroup(call.Name, configuration.WithSecretsOf).Configuration);
    }

    private static ServedContent Configuration(NodeConfiguration configuration) =>
        OfJson(configuration.WithoutSecrets(), ApiJson.Default.NodeConfiguration);

    private ServedContent LastLog(string node) =>
        nodes.Show(node).Boots is [var last, ..]
            ? Log(last.Id)
            : throw new UserError("The node has not booted yet.", "Start it; 'rootcast node list' shows it then.", UserErrorKind.Input);

    private ServedContent Log(string id)
    {
        (NodeBoot boot, IReadOnlyList<BootMoment> moments) = nodes.Log(id);
        return OfJson(new BootLogData(boot, [.. moments.Select(MomentData.Of)]), ApiJson.Default.BootLogData);
    }

    private ServedContent Assign(ApiCall call)
    {
        AssignRequest request = call.Body(ApiJson.Default.AssignRequest);
        return OfJson(AssignmentData.Of(nodes.Assign(request.Target, Image(request.Image))), ApiJson.Default.AssignmentData);
    }

    private ServedContent Rollback(ApiCall call)
    {
        (Assignment withdrawn, Assignment? now) = nodes.Rollback(call.Body(ApiJson.Default.RollbackRequest).Target);
        return OfJson(
            new RollbackData(AssignmentData.Of(withdrawn), now is null ? null : AssignmentData.Of(now)),
            ApiJson.Default.RollbackData
        );
    }

    /// <summary>The version that a name has now, or a digest begins.</summary>
    private ServedImage Image(string reference)
    {
        IReadOnlyList<ServedImage> served = site.Served();
        string hex = reference.StartsWith("sha256:", StringComparison.Ordinal) ? reference : "sha256:" + reference;
        return served.FirstOrDefault(image => image.Name == reference)
            ?? (
                hex.Length >= "sha256:".Length + 6
                    ? served.FirstOrDefault(image => image.Digest.StartsWith(hex, StringComparison.Ordinal))
                    : null
            )
            ?? throw new UserError(
                $"There is no image '{Printable(reference)}' here that boots over a network.",
                served.Count == 0
                    ? "Make one with 'rootcast build' or 'rootcast try'."
                    : $"There are {string.Join(", ", served.Select(image => image.Name).Take(20))}.",
                UserErrorKind.Input
            );
    }

    private static ServedContent Failure(int status, string error, string hint) =>
        OfJson(new ErrorData(error, hint), ApiJson.Default.ErrorData, status);

    private static ServedContent OfJson<T>(T data, JsonTypeInfo<T> type, int status = 200) =>
        OfBytes([.. JsonSerializer.SerializeToUtf8Bytes(data, type), .. "\n"u8], status);

    private static ServedContent OfBytes(byte[] bytes, int status) =>
        new()
        {
            Parts = [ContentPart.Of(bytes)],
            ContentType = "application/json; charset=utf-8",
            Status = status,
        };

    private static string Printable(string text) => string.Concat(text.Take(120).Select(c => char.IsControl(c) ? '.' : c));
}
