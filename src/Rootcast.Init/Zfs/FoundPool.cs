namespace Rootcast.Init.Zfs;

/// <summary>A pool that could be imported, as <c>zpool import</c> lists it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Id">Its number, in decimal digits: two pools may have one name.</param>
/// <param name="State"><c>ONLINE</c>, <c>DEGRADED</c>, <c>UNAVAIL</c> or <c>FAULTED</c>.</param>
/// <param name="Status">What else is said of it: who had it last, what it lacks. Empty for nothing.</param>
public sealed record FoundPool(string Name, string Id, string State, string Status)
{
    /// <summary>Whether every disk is there.</summary>
    public bool IsWhole => State == "ONLINE";

    /// <summary>Whether it can be imported.</summary>
    public bool IsUsable => State is "ONLINE" or "DEGRADED";

    /// <summary>Reads the list. What is not understood is left out.</summary>
    public static IReadOnlyList<FoundPool> Parse(string text)
    {
        List<FoundPool> pools = [];
        string name = "";
        string id = "";
        string state = "";
        string status = "";
        bool inStatus = false;
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            ReadOnlySpan<char> trimmed = line.Trim();
            int colon = trimmed.IndexOf(':');
            ReadOnlySpan<char> key = colon > 0 ? trimmed[..colon] : "";
            string value = colon > 0 ? trimmed[(colon + 1)..].Trim().ToString() : "";
            switch (key)
            {
                case "pool":
                    Add();
                    (name, id, state, status) = (value, "", "", "");
                    break;
                case "id":
                    id = value;
                    break;
                case "state":
                    state = value;
                    break;
                case "status":
                    status = value;
                    inStatus = true;
                    continue;
                case "action" or "config" or "see":
                    break;
                default:
                    if (inStatus && !trimmed.IsEmpty)
                    {
                        status += $" {trimmed}";
                        continue;
                    }
                    break;
            }
            inStatus = false;
        }
        Add();
        return pools;

        void Add()
        {
            // What is a destroyed pool or an odd name would become an argument.
            if (name.Length > 0 && id.Length is > 0 and <= 20 && !id.AsSpan().ContainsAnyExceptInRange('0', '9'))
            {
                pools.Add(new FoundPool(name, id, state.Split(' ')[0], status));
            }
        }
    }
}
