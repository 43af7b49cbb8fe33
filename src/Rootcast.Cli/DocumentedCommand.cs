using System.CommandLine;

namespace Rootcast.Cli;

/// <summary>A command whose help ends with examples.</summary>
/// <param name="name">As it is typed.</param>
/// <param name="description">One sentence for the list, more for its own help.</param>
/// <param name="examples">Command lines as a person would type them.</param>
internal sealed class DocumentedCommand(string name, string description, params string[] examples) : Command(name, description)
{
    /// <summary>Command lines as a person would type them.</summary>
    public IReadOnlyList<string> Examples { get; } = examples;
}
