using System.Net;
using Rootcast.Server.Http;

namespace Rootcast.Server.Dashboard;

/// <summary>Bounds how often an address may be wrong (IPv6: a network of 64 bits), so that nobody can try many passwords.</summary>
/// <param name="clock">What time it is.</param>
public sealed class AttemptLimit(TimeProvider clock)
{
    /// <summary>How often within <see cref="Window"/>.</summary>
    public const int Most = 5;

    /// <summary>Addresses that are remembered. When all of them were wrong lately, addresses that are not among them wait too.</summary>
    private const int MostAddresses = 4096;

    /// <summary>How long a wrong one counts.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    private readonly Lock gate = new();
    private readonly Dictionary<IPAddress, (int Count, DateTimeOffset Since)> wrong = [];

    /// <summary>Counts an attempt before it is looked at, so that many at the same time are no way around.</summary>
    /// <returns>0 when it may be looked at; else the seconds after which to come again.</returns>
    public int Enter(IPAddress address)
    {
        IPAddress counted = ConnectionGuard.Network(address);
        DateTimeOffset now = clock.GetUtcNow();
        lock (gate)
        {
            if (wrong.Count >= MostAddresses)
            {
                foreach ((IPAddress old, (int _, DateTimeOffset begun)) in wrong)
                {
                    if (now - begun >= Window)
                    {
                        wrong.Remove(old);
                    }
                }
            }
            (int count, DateTimeOffset since) = wrong.GetValueOrDefault(counted, (0, now));
            TimeSpan age = now - since;
            if (age >= Window)
            {
                (count, since, age) = (0, now, TimeSpan.Zero);
            }
            if (count >= Most || (wrong.Count >= MostAddresses && !wrong.ContainsKey(counted)))
            {
                return 1 + (int)(Window - age).TotalSeconds;
            }
            wrong[counted] = (count + 1, since);
            return 0;
        }
    }

    /// <summary>Forgets an address: it was right.</summary>
    public void Forget(IPAddress address)
    {
        lock (gate)
        {
            wrong.Remove(ConnectionGuard.Network(address));
        }
    }
}
