using Rootcast.Contract;
using Rootcast.Images.Store;
using Rootcast.Server.Content;
using Rootcast.Server.Ipxe;
using Rootcast.Server.Nodes;

namespace Rootcast.Server.Site;

/// <summary>What machines get that say who they are: what is chosen for the node, with its boot's id in every address, so that the server sees how far it comes.</summary>
/// <param name="site">What is served.</param>
/// <param name="nodes">Who they are.</param>
public sealed class NodeSite(BootSite site, NodeRegistry nodes)
{
    /// <summary>How often a node that waits asks again before it gives up: an hour.</summary>
    private const int MostQuestions = 360;
    private const string Question = "question";

    /// <summary>What a path leads to; null where it is none of a node's.</summary>
    /// <exception cref="UserError">What was asked for cannot be had.</exception>
    public ServedContent? Find(ContentRequest request)
    {
        if (BootPaths.ReadBootInitrd(request.Path) is { } key)
        {
            return nodes.FindBoot(key) is var (boot, node) ? Offer(boot, node, request).Initrd() : null;
        }
        if (request.Path is not (BootPaths.Script or BootPaths.EfiProgram))
        {
            return null;
        }
        NodeIdentity identity = Identity(request.Query);
        if (identity.IsEmpty)
        {
            return request.Path == BootPaths.Script && !request.Query.ContainsKey("mac")
                ? ServedContent.OfText(IpxeScript.Identify(Again(request, null)))
                : null;
        }
        NodeArrival arrival = nodes.Arrive(identity, request.Client, Asked(request.Query), Served());
        if (arrival.Boot is { } begun)
        {
            BootOffer offer = Offer(begun, arrival.Node, request);
            if (arrival.Node.Configuration.Secrets.Count > 0 && offer.SecureRoot is not null)
            {
                offer = offer with { SecretToken = nodes.MakeSecretToken(begun.Id) };
            }
            return request.Path == BootPaths.EfiProgram
                ? offer.EfiProgram(BootSite.RootOf(request))
                : ServedContent.OfText(offer.Script(BootSite.RootOf(request), identity.Mac));
        }
        _ = int.TryParse(request.Query.GetValueOrDefault(Question), out int asked);
        return request.Path == BootPaths.EfiProgram
            ? ServedContent.OfText($"The node {arrival.Node.Id} {arrival.Reason}: rootcast node approve {arrival.Node.Id}\n", status: 503)
            : ServedContent.OfText(
                IpxeScript.Wait(arrival.Node.Id, arrival.Reason, asked < MostQuestions ? Again(request, asked + 1) : null)
            );
    }

    /// <summary>The images that nodes can be given; the first is what they get to which nothing is assigned.</summary>
    public IReadOnlyList<ServedImage> Served() =>
        [
            .. site.Images()
                .Where(image => image.Manifest.Artefacts.Any(artefact => artefact.Form != Form.Disk))
                .Select(image => new ServedImage(image.Manifest.Name, image.Digest)),
        ];

    /// <summary>What a machine says of itself.</summary>
    public static NodeIdentity Identity(IReadOnlyDictionary<string, string> query) =>
        NodeIdentity.Of(query.GetValueOrDefault("mac"), query.GetValueOrDefault("uuid"), query.GetValueOrDefault("serial"));

    private ServedImage? Asked(IReadOnlyDictionary<string, string> query)
    {
        if (query.GetValueOrDefault("image") is not { Length: > 0 })
        {
            return null;
        }
        StoredImage image = site.Choose(query).Image;
        return new ServedImage(image.Manifest.Name, image.Digest);
    }

    private BootOffer Offer(NodeBoot boot, Node node, ContentRequest request)
    {
        StoredImage image =
            site.Images().FirstOrDefault(image => image.Digest == boot.Digest)
            ?? throw new UserError(
                $"The image {boot.Image} ({ImageChoice.Short(boot.Digest)}) is not in the store any more.",
                "Start the node again: it gets what is there now."
            );
        return site.Offer(site.Choose(image, request.Query), request) with { BootKey = boot.ReportKey, Node = node.Configuration };
    }

    /// <summary>The address of this question, for the machine to ask again.</summary>
    private static string Again(ContentRequest request, int? count)
    {
        IEnumerable<string> pairs = request
            .Query.Where(pair => pair.Key is "mac" or "uuid" or "serial" or "image" or "form" or "carrier")
            .Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value)}");
        pairs = count is { } number ? pairs.Append($"{Question}={number}") : pairs;
        return $"{BootSite.RootOf(request)}{BootPaths.Script.TrimStart('/')}?{string.Join('&', pairs)}";
    }
}
