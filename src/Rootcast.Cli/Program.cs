using Rootcast.Cli;

// Asked for by scripts, often: answered before anything else is set up.
if (args is ["--version"])
{
    Console.Out.WriteLine(BuildFacts.Current.Line);
    return ExitCodes.Done;
}
using Interruption interruption = new();
return await CommandLine.RunAsync(args, Session.OfThisProcess(), interruption);
