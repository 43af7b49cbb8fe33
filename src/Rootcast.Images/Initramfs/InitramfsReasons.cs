using System.Text;
using Rootcast.Contract;
using Rootcast.Formats.Modules;
using Rootcast.Images.Recipes;

namespace Rootcast.Images.Initramfs;

/// <summary>
/// What pulled each file and module into an initramfs. Kept beside it in the store as text, a line each of path, reason and the path behind it,
/// separated by tabs: the initramfs itself does not grow by it, and asking needs none of what it was built from.
/// </summary>
public sealed class InitramfsReasons
{
    private const int LongestChain = 1000;

    private readonly SortedDictionary<string, InitramfsReason> _reasons = new(StringComparer.Ordinal);

    /// <summary>Every reason by path.</summary>
    public IReadOnlyCollection<InitramfsReason> All => _reasons.Values;

    /// <summary>Remembers a reason; the first one of a path stays.</summary>
    /// <returns>Whether the path is new.</returns>
    public bool Add(InitramfsReason reason) => _reasons.TryAdd(reason.Path, reason);

    /// <summary>The chains that lead to a file (by its path) or a module (by its name), from the thing itself to what is there for its own sake;
    /// one for each kernel.</summary>
    /// <exception cref="UserError">Nothing of that name is in the initramfs.</exception>
    public IReadOnlyList<IReadOnlyList<InitramfsReason>> Why(string fileOrModule)
    {
        string path = "/" + fileOrModule.TrimStart('/');
        List<InitramfsReason> found = _reasons.TryGetValue(path, out InitramfsReason? exact) ? [exact] : [.. ModulesOf(fileOrModule)];
        if (found.Count == 0)
        {
            string? near = NearestName.Of(fileOrModule, _reasons.Keys.Select(ShortName));
            throw new UserError(
                $"'{fileOrModule}' is not in the initramfs.",
                near is null ? "'rootcast initramfs list' shows what is." : $"Did you mean '{near}'?",
                UserErrorKind.Input
            );
        }
        return [.. found.Select(Chain)];
    }

    /// <summary>The text.</summary>
    public byte[] ToBytes()
    {
        StringBuilder text = new();
        foreach (InitramfsReason reason in _reasons.Values)
        {
            text.Append(reason.Path).Append('\t').Append(reason.Because).Append('\t').Append(reason.By).Append('\n');
        }
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>Reads the text.</summary>
    /// <exception cref="InvalidDataException">A line has not its three fields.</exception>
    public static InitramfsReasons Parse(ReadOnlySpan<byte> bytes)
    {
        InitramfsReasons reasons = new();
        int number = 0;
        foreach (string line in Encoding.UTF8.GetString(bytes).Split('\n'))
        {
            number++;
            string[] fields = line.Split('\t');
            if (fields.Length == 3)
            {
                reasons.Add(new InitramfsReason(fields[0], fields[1], fields[2].Length == 0 ? null : fields[2]));
            }
            else if (line.Length > 0)
            {
                throw new InvalidDataException($"line {number} of the initramfs's reasons has {fields.Length} fields instead of 3");
            }
        }
        return reasons;
    }

    private IEnumerable<InitramfsReason> ModulesOf(string name)
    {
        string normal = ModuleName.OfPath(name);
        return _reasons.Values.Where(reason =>
            reason.Path.StartsWith(InitramfsPaths.Modules, StringComparison.Ordinal)
            && IsModule(reason.Path)
            && ModuleName.OfPath(reason.Path) == normal
        );
    }

    private static bool IsModule(string path) => Path.GetFileName(path).Contains(".ko", StringComparison.Ordinal);

    private static string ShortName(string path) => IsModule(path) ? ModuleName.OfPath(path) : path;

    private List<InitramfsReason> Chain(InitramfsReason reason)
    {
        List<InitramfsReason> chain = [reason];
        while (chain.Count < LongestChain && chain[^1].By is { } by && _reasons.TryGetValue(by, out InitramfsReason? behind))
        {
            chain.Add(behind);
        }
        return chain;
    }
}
