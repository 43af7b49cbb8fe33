using System.CommandLine;
using System.CommandLine.Invocation;

namespace Rootcast.Cli;

/// <summary>What <c>--version</c> prints when it is not answered by <c>Program</c> at once.</summary>
internal sealed class VersionAction : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.WriteLine(BuildFacts.Current.Line);
        return ExitCodes.Done;
    }
}
