using System.Numerics;

namespace Rootcast.Formats.Modules;

/// <summary>modules.alias, made quick to ask: patterns lie in buckets by their literal beginning, and a modalias is compared only with those whose
/// beginning it shares. So init asks hundreds of times among thousands of patterns, under emulation, for next to nothing.</summary>
public sealed class ModuleAliases
{
    /// <summary>Longer than <c>pci:v00008086d00001533</c>, which tells nearly all PCI patterns apart.</summary>
    private const int LongestPrefix = 24;
    private const uint HashStart = 2166136261;
    private const uint HashFactor = 16777619;

    private readonly List<Place> _places = [];
    private int[] _buckets = new int[64];
    private uint _lengths;

    /// <summary>Every alias with its module, in the order in which they were added.</summary>
    public List<(string Alias, string Module)> All { get; } = [];

    /// <summary>Adds one; both are taken as modules.alias has them.</summary>
    public void Add(string alias, string module)
    {
        alias = ModuleName.Normalise(alias);
        All.Add((alias, ModuleName.Normalise(module)));
        int length = Math.Min(AliasPattern.LiteralLength(alias), LongestPrefix);
        uint hash = HashStart;
        foreach (char letter in alias.AsSpan(0, length))
        {
            hash = (hash ^ letter) * HashFactor;
        }
        _lengths |= 1u << length;
        _places.Add(new Place(hash, length, 0));
        if (_places.Count > _buckets.Length)
        {
            Grow();
        }
        else
        {
            Link(_places.Count - 1);
        }
    }

    /// <summary>The modules whose alias fits a modalias (<c>pci:v00001AF4d…</c>) or another alias (<c>fs-ext4</c>); each once, in file order.</summary>
    public IReadOnlyList<string> Match(string modalias)
    {
        modalias = ModuleName.Normalise(modalias);
        List<int> found = [];
        uint hash = HashStart;
        int most = Math.Min(modalias.Length, LongestPrefix);
        for (int length = 0; length <= most; length++)
        {
            if ((_lengths & (1u << length)) != 0)
            {
                AddMatches(modalias, hash, length, found);
            }
            if (length < most)
            {
                hash = (hash ^ modalias[length]) * HashFactor;
            }
        }
        found.Sort();
        List<string> modules = new(found.Count);
        foreach (int index in found)
        {
            string module = All[index].Module;
            if (!modules.Contains(module))
            {
                modules.Add(module);
            }
        }
        return modules;
    }

    private void AddMatches(string modalias, uint hash, int length, List<int> found)
    {
        for (int next = _buckets[hash & (uint)(_buckets.Length - 1)]; next != 0; next = _places[next - 1].Next)
        {
            Place place = _places[next - 1];
            if (place.Hash == hash && place.Length == length && AliasPattern.Matches(All[next - 1].Alias, modalias))
            {
                found.Add(next - 1);
            }
        }
    }

    private void Grow()
    {
        _buckets = new int[(int)BitOperations.RoundUpToPowerOf2((uint)_places.Count * 2)];
        for (int index = 0; index < _places.Count; index++)
        {
            Link(index);
        }
    }

    private void Link(int index)
    {
        ref int bucket = ref _buckets[_places[index].Hash & (uint)(_buckets.Length - 1)];
        _places[index] = _places[index] with { Next = bucket };
        bucket = index + 1;
    }

    /// <summary>Where an alias lies: the hash of its literal beginning, how long that is, and the number (from 1) of the next in the same bucket.</summary>
    private readonly record struct Place(uint Hash, int Length, int Next);
}
