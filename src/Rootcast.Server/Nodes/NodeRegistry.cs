using System.Security.Cryptography;
using Rootcast.Contract;
using Rootcast.Server.State;

namespace Rootcast.Server.Nodes;

/// <summary>
/// What a boot server knows of its nodes, and what they get. All of it is in the state: two servers with the same state give the same answers, and one that is
/// started again goes on where the other ended. Several threads may use it.
/// </summary>
public sealed partial class NodeRegistry : IDisposable
{
    /// <summary>Addresses are easily made up: more nodes than that are not remembered.</summary>
    private const long MostNodes = 100_000;

    private const int KeptBoots = 50;

    /// <summary>How long a boot whose kernel nobody has fetched is the same when its node asks again.</summary>
    private static readonly TimeSpan SameBoot = TimeSpan.FromMinutes(2);

    private readonly StateDatabase state;
    private readonly NodeOptions options;
    private readonly TimeProvider clock;
    private readonly ServerLog log;
    private readonly Action<string, IReadOnlySet<string>> keep;
    private readonly ITimer deadline;
    private readonly RecentOffers offers;

    /// <summary>Of a state.</summary>
    /// <param name="state">The state; the caller disposes of it.</param>
    /// <param name="options">How nodes are treated.</param>
    /// <param name="clock">What time it is.</param>
    /// <param name="log">Where decisions are said.</param>
    /// <param name="keep">Told which images may not go, though their names belong to newer ones: the state's id, and all digests.</param>
    public NodeRegistry(
        StateDatabase state,
        NodeOptions options,
        TimeProvider clock,
        ServerLog log,
        Action<string, IReadOnlySet<string>> keep
    )
    {
        this.keep = keep;
        this.state = state;
        this.options = options;
        this.clock = clock;
        this.log = log;
        offers = new RecentOffers(clock);
        deadline = clock.CreateTimer(_ => LookAtDeadlines(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        LookAtDeadlines();
    }

    /// <summary>What changes.</summary>
    public NodeFeed Feed { get; } = new();

    private DateTimeOffset Now => clock.GetUtcNow();

    /// <inheritdoc/>
    public void Dispose() => deadline.Dispose();

    /// <summary>DHCP has named a boot file to a machine: told of its next boot.</summary>
    /// <param name="address">Its hardware address.</param>
    /// <param name="what">What it got, in words.</param>
    public void Offered(string address, string what)
    {
        if (NodeIdentity.Address(address) is { } mac)
        {
            offers.Add(mac, what);
        }
    }

    /// <summary>A node asks what to boot: it is known from now on, and a boot begins unless it has to wait.</summary>
    /// <param name="identity">What it says of itself; not empty.</param>
    /// <param name="address">Where it asks from.</param>
    /// <param name="asked">The image that it asks for itself; null for what is chosen for it.</param>
    /// <param name="served">What can be booted; the first is what nodes get to which nothing is assigned.</param>
    /// <exception cref="UserError">There is nothing to boot, or the state cannot be used.</exception>
    public NodeArrival Arrive(NodeIdentity identity, string address, ServedImage? asked, IReadOnlyList<ServedImage> served)
    {
        (NodeArrival arrival, bool isNew) = state.Change(rows => Arrive(rows, identity, address, asked, served));
        if (isNew)
        {
            Say(
                arrival.Node.Id,
                arrival.Boot is { } boot ? $"boots {boot.Image} ({ImageChoice.Short(boot.Digest)}): {boot.Reason}" : arrival.Reason
            );
            Feed.Tell(new NodeChange("boot", arrival.Node.Id, arrival.Boot?.Id ?? ""));
            LookAtDeadlines();
        }
        return arrival;
    }

    /// <summary>The boot of that <see cref="NodeBoot.ReportKey"/>; null when there is none.</summary>
    public (NodeBoot Boot, Node Node)? FindBoot(string key) =>
        IsReportKey(key)
            ? state.Read<(NodeBoot, Node)?>(rows =>
                NodeRows.BootOfKey(rows, key) is { } boot && NodeRows.Node(rows, boot.Node) is { } node ? (boot, InAll(rows, node)) : null
            )
            : null;

    /// <summary>Whether a text can be a <see cref="NodeBoot.ReportKey"/>.</summary>
    public static bool IsReportKey(string text) => text.Length == 32 && !text.AsSpan().ContainsAnyExcept("0123456789abcdef");

    private (NodeArrival Arrival, bool IsNew) Arrive(
        StateTransaction rows,
        NodeIdentity identity,
        string address,
        ServedImage? asked,
        IReadOnlyList<ServedImage> served
    )
    {
        DateTimeOffset now = Now;
        Node node = Know(rows, identity, address, now, isApproved: false, out bool isNew);
        if (options.MustBeApproved && !node.IsApproved)
        {
            return (new NodeArrival(node, null, "waits until it is approved"), isNew);
        }
        IReadOnlyList<NodeBoot> history = NodeRows.Boots(rows, node.Id, KeptBoots);
        ImageChoice choice = asked is null
            ? ImageChoice.For(node, NodeRows.Assignments(rows), served, history, options.Attempts)
            : new ImageChoice(asked, "the machine asks for it");
        if (choice.Image is not { } image)
        {
            throw new UserError($"The node {node.Id} cannot boot: {choice.Reason}.", "Make one with 'rootcast build' or 'rootcast try'.");
        }
        // Firmware asks for the head first, or again when an answer was lost.
        if (
            history is [{ Outcome: BootOutcome.Open, HasBegun: false } same, ..]
            && now - same.Started < SameBoot
            && (same.Digest == image.Digest || (same.Reason == ImageChoice.ForOneBoot && node.Next is null))
            && served.Any(one => one.Digest == same.Digest)
        )
        {
            return (new NodeArrival(InAll(rows, node), same, same.Reason), false);
        }
        foreach (NodeBoot open in history.Where(boot => boot.Outcome == BootOutcome.Open))
        {
            NodeRows.End(rows, open.Id, BootOutcome.Superseded, now);
        }
        rows.Execute("UPDATE nodes SET next_image = '', next_digest = '' WHERE id = @id", ("@id", node.Id));
        NodeBoot boot = new()
        {
            Id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)),
            ReportKey = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)),
            Node = node.Id,
            Image = image.Name,
            Digest = image.Digest,
            Reason = choice.Reason,
            Address = address,
            Started = now,
            Deadline = now + options.ReadyWithin,
            Stage = BootStages.Script,
        };
        NodeRows.Add(rows, boot);
        long number = 0;
        foreach ((DateTimeOffset at, string what) in offers.Take(identity.Mac))
        {
            NodeRows.Add(rows, boot.Id, new BootMoment(++number, at, MomentKinds.Stage, $"{BootStages.Offer} {what}", null, null));
        }
        NodeRows.Add(rows, boot.Id, new BootMoment(++number, now, MomentKinds.Stage, BootStages.Script, null, null));
        if (choice.IsFallback)
        {
            NodeRows.Add(rows, boot.Id, new BootMoment(++number, now, MomentKinds.Note, choice.Reason, null, null));
        }
        NodeRows.Prune(rows, node.Id, KeptBoots);
        return (new NodeArrival(InAll(rows, node), boot, choice.Reason), true);
    }

    /// <summary>The node with what it has in all, of its groups and of its own.</summary>
    private static Node InAll(StateTransaction rows, Node node) => node with { Configuration = NodeGroup.Of(node, NodeRows.Groups(rows)) };

    /// <summary>The node of an identity, which has all of its keys from now on.</summary>
    private static Node Know(
        StateTransaction rows,
        NodeIdentity identity,
        string address,
        DateTimeOffset now,
        bool isApproved,
        out bool isNew
    )
    {
        string? id = identity.Keys.Select(key => NodeRows.Owner(rows, key.Kind, key.Value)).FirstOrDefault(owner => owner is not null);
        isNew = id is null;
        if (id is null)
        {
            if (NodeRows.Count(rows) >= MostNodes)
            {
                throw new UserError(
                    $"The state has {MostNodes} nodes, and takes no more.",
                    "Forget those that are gone: rootcast node forget NODE."
                );
            }
            (string kind, string value) = identity.Keys[0];
            id = kind == "mac" ? value : $"{kind}-{value}";
            NodeRows.Add(
                rows,
                new Node
                {
                    Id = id,
                    Created = now,
                    Seen = now,
                    Address = address,
                    IsApproved = isApproved,
                }
            );
        }
        else if (address.Length > 0)
        {
            rows.Execute(
                "UPDATE nodes SET seen = @seen, address = @address WHERE id = @id",
                ("@seen", NodeRows.Milliseconds(now)),
                ("@address", address),
                ("@id", id)
            );
        }
        foreach ((string kind, string value) in identity.Keys)
        {
            NodeRows.AddKey(rows, id, kind, value);
        }
        return NodeRows.Node(rows, id)!;
    }

    private void Say(string node, string text) => log.Say(new ServerEvent("node", node, text));
}
