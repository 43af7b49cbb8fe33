using System.Collections.Concurrent;
using System.Text;

namespace Rootcast.Server;

/// <summary>What a server has done since it started, as Prometheus reads it (text format 0.0.4). Counters only ever grow.</summary>
public sealed class ServerCounters
{
    private readonly ConcurrentDictionary<(string Name, string Label), long> counts = new();

    /// <summary>Adds to a counter.</summary>
    /// <param name="name">Its name: <c>rootcast_http_requests_total</c>.</param>
    /// <param name="amount">At least 0.</param>
    /// <param name="label">One label, of few values: <c>status="200"</c>; empty for none.</param>
    public void Add(string name, long amount = 1, string label = "") =>
        counts.AddOrUpdate((name, label), static (_, added) => added, static (_, before, added) => before + added, amount);

    /// <summary>All counters, by name.</summary>
    public string Text()
    {
        StringBuilder text = new();
        string last = "";
        List<(string Name, string Label)> keys = [.. counts.Keys];
        keys.Sort();
        foreach ((string name, string label) in keys)
        {
            long count = counts[(name, label)];
            if (name != last)
            {
                text.Append("# TYPE ").Append(name).Append(" counter\n");
                last = name;
            }
            text.Append(name);
            if (label.Length > 0)
            {
                text.Append('{').Append(label).Append('}');
            }
            text.Append(' ').Append(count).Append('\n');
        }
        return text.ToString();
    }
}
