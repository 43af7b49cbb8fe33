using System.Net;

namespace Rootcast.Server.ProxyDhcp;

/// <summary>Who has which address of a range. Kept in memory: after a restart machines get the address that they ask for, or the one that follows from
/// their hardware address, which is the one that they had as a rule.</summary>
/// <param name="range">The addresses.</param>
/// <param name="taken">Addresses of the range that are not given: this server's own.</param>
public sealed class AddressPool(AddressRange range, IReadOnlyList<IPAddress> taken)
{
    /// <summary>How long an address is given for.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromHours(1);

    /// <summary>How long an offered address is kept for the machine.</summary>
    public static readonly TimeSpan Offer = TimeSpan.FromSeconds(20);

    private readonly Dictionary<int, (string Owner, DateTimeOffset Until)> leases = [];
    private readonly Dictionary<int, (string Owner, DateTimeOffset Until)> offers = [];
    private readonly HashSet<int> reserved = [.. taken.Select(range.IndexOf).OfType<int>()];

    /// <summary>An address for a machine: its own, the one that it asks for, or a free one; null when all are given.</summary>
    /// <param name="owner">Hardware address.</param>
    /// <param name="asked">What it asks for; null for nothing.</param>
    /// <param name="now">The time.</param>
    public IPAddress? Find(string owner, IPAddress? asked, DateTimeOffset now)
    {
        foreach ((int index, (string Owner, DateTimeOffset Until) lease) in leases)
        {
            if (lease.Owner == owner)
            {
                return range.At(index);
            }
        }
        if (asked is not null && range.IndexOf(asked) is { } wanted && IsFree(wanted, now))
        {
            return asked;
        }
        // In a storm many ask before one has taken what it was offered: an address that another is just thinking about comes last.
        int first = Place(owner);
        int? last = null;
        for (int i = 0; i < range.Count; i++)
        {
            int index = (first + i) % range.Count;
            if (!IsFree(index, now))
            {
                continue;
            }
            last ??= index;
            if (!offers.TryGetValue(index, out (string Owner, DateTimeOffset Until) offer) || offer.Until <= now || offer.Owner == owner)
            {
                offers[index] = (owner, now + Offer);
                return range.At(index);
            }
        }
        return last is { } offered ? range.At(offered) : null;
    }

    /// <summary>Gives an address; false when it is not to be had for that machine.</summary>
    public bool TryTake(string owner, IPAddress address, DateTimeOffset now)
    {
        if (range.IndexOf(address) is not { } index || (!IsFree(index, now) && leases.GetValueOrDefault(index).Owner != owner))
        {
            return false;
        }
        Release(owner);
        leases[index] = (owner, now + Lease);
        return true;
    }

    /// <summary>Takes back what a machine has.</summary>
    public void Release(string owner)
    {
        foreach (int index in leases.Where(lease => lease.Value.Owner == owner).Select(lease => lease.Key).ToArray())
        {
            leases.Remove(index);
        }
    }

    private bool IsFree(int index, DateTimeOffset now) =>
        !reserved.Contains(index) && (!leases.TryGetValue(index, out (string Owner, DateTimeOffset Until) lease) || lease.Until <= now);

    /// <summary>FNV-1a: any function that is the same after a restart.</summary>
    private int Place(string owner)
    {
        uint hash = 2_166_136_261;
        foreach (char c in owner)
        {
            hash = (hash ^ c) * 16_777_619;
        }
        return (int)(hash % (uint)range.Count);
    }
}
