namespace Rootcast.Server.Nodes;

/// <summary>What DHCP has told machines that have not asked for their script yet; by this server alone, and not for long.</summary>
/// <param name="clock">What time it is.</param>
internal sealed class RecentOffers(TimeProvider clock)
{
    private const int MostMachines = 4096;
    private const int MostOffers = 8;
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(5);
    private readonly Lock gate = new();
    private readonly Dictionary<string, List<(DateTimeOffset At, string What)>> offers = new(StringComparer.Ordinal);

    /// <summary>Remembers one.</summary>
    public void Add(string mac, string what)
    {
        lock (gate)
        {
            if (!offers.TryGetValue(mac, out List<(DateTimeOffset, string)>? of))
            {
                if (offers.Count >= MostMachines)
                {
                    offers.Clear();
                }
                offers[mac] = of = [];
            }
            if (of.Count == MostOffers)
            {
                of.RemoveAt(0);
            }
            of.Add((clock.GetUtcNow(), what));
        }
    }

    /// <summary>What was remembered of a machine; it is forgotten then.</summary>
    public IReadOnlyList<(DateTimeOffset At, string What)> Take(string? mac)
    {
        lock (gate)
        {
            return mac is not null && offers.Remove(mac, out List<(DateTimeOffset At, string What)>? of)
                ? of.FindAll(offer => clock.GetUtcNow() - offer.At < Kept)
                : [];
        }
    }
}
