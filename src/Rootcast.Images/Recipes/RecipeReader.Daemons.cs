using Rootcast.Contract;

namespace Rootcast.Images.Recipes;

internal sealed partial class RecipeReader
{
    private const string SocketReady = "socket:";

    private static List<RecipeRootDaemon> ReadRootDaemons(RecipeMapping top)
    {
        List<RecipeRootDaemon> daemons = [];
        foreach (RecipeNode item in top.List("root-daemons"))
        {
            RecipeRootDaemon daemon = ReadRootDaemon(new RecipeMapping(item, "root-daemons[]"));
            if (daemons.Exists(other => other.Daemon.Name == daemon.Daemon.Name))
            {
                throw RecipeError.At(daemon.Place, $"there are two root daemons '{daemon.Daemon.Name}'", "Give each a name of its own.");
            }
            daemons.Add(daemon);
        }
        return daemons;
    }

    private static RecipeRootDaemon ReadRootDaemon(RecipeMapping mapping)
    {
        RecipeText name = mapping.NeedText("name", "Name it, for rootcast.daemon=NAME:  name: squashfuse");
        if (!RootDaemon.IsName(name.Value))
        {
            throw RecipeError.At(
                name.Place,
                $"'{RecipeError.Show(name.Value)}' cannot name a root daemon",
                "Use lower-case letters, digits and hyphens, a letter first, at most 64 characters."
            );
        }
        RecipeText program = TreePath(mapping.NeedText("program", "Name its program in the tree:  program: /usr/bin/squashfuse"));
        IReadOnlyList<RecipeText> stop = Words(mapping, "stop");
        return new RecipeRootDaemon(
            new RootDaemon
            {
                Name = name.Value,
                Program = program.Value,
                Arguments = [.. Words(mapping, "arguments").Select(text => text.Value)],
                ReadySocket = mapping.FindText("ready") is { } ready ? ReadReady(ready) : null,
                Modules = [.. Words(mapping, "modules").Select(text => text.Value)],
                Stop = stop.Count == 0 ? [] : [TreePath(stop[0]).Value, .. stop.Skip(1).Select(text => text.Value)],
            },
            [.. mapping.Texts("programs").Select(text => TreePath(text).Value)],
            [.. mapping.Texts("files").Select(text => TreePath(text).Value)],
            mapping.Place
        );
    }

    private static string? ReadReady(RecipeText ready) =>
        ready.Value == "mount" ? null
        : ready.Value.StartsWith(SocketReady + "/", StringComparison.Ordinal) && !ready.Value.Contains('\n', StringComparison.Ordinal)
            ? ready.Value[SocketReady.Length..]
        : throw RecipeError.At(
            ready.Place,
            $"'{RecipeError.Show(ready.Value)}' is no sign of being ready",
            "Write 'mount', when it is ready once it has mounted what it serves, or 'socket:/PATH' for a socket that takes connections."
        );

    /// <summary>Texts that become lines of a description.</summary>
    private static IReadOnlyList<RecipeText> Words(RecipeMapping mapping, string key)
    {
        IReadOnlyList<RecipeText> texts = mapping.Texts(key);
        foreach (RecipeText text in texts)
        {
            if (text.Value.AsSpan().ContainsAny("\n\r\0"))
            {
                throw RecipeError.At(text.Place, $"this item of {key} has more than one line", "Give each word an item of its own.");
            }
        }
        return texts;
    }
}
