using System.Net.Sockets;
using Rootcast.Contract;
using Rootcast.Linux;

namespace Rootcast.Cli;

/// <summary>The one place where an exception becomes text and an exit code.</summary>
internal static class Failures
{
    /// <summary>Says what happened; returns the exit code.</summary>
    public static int Report(Exception exception, bool interrupted, bool verbose, TextWriter people)
    {
        switch (exception)
        {
            case OperationCanceledException when interrupted:
                people.WriteLine("rootcast: interrupted; what was begun is cleaned up");
                return ExitCodes.Interrupted;
            case AggregateException { InnerExceptions: [var only] }:
                return Report(only, interrupted, verbose, people);
            case UserError error:
                people.WriteLine($"rootcast: {error.Message}");
                people.WriteLine($"  what to do: {error.Hint}");
                WriteCause(error.InnerException, verbose, people);
                return ExitCodes.Of(error.Kind);
            case LinuxException or IOException or UnauthorizedAccessException or SocketException or InvalidDataException:
                people.WriteLine($"rootcast: {exception.Message}");
                WriteCause(exception, verbose, people);
                return ExitCodes.Failed;
            default:
                people.WriteLine($"rootcast: this is a bug in Rootcast: {exception.GetType().Name}: {exception.Message}");
                people.WriteLine(exception.StackTrace);
                people.WriteLine($"Please report it with the lines above and what you ran ({BuildFacts.Current.Line}).");
                return ExitCodes.Failed;
        }
    }

    private static void WriteCause(Exception? cause, bool verbose, TextWriter people)
    {
        if (verbose && cause is not null)
        {
            people.WriteLine(cause.ToString());
        }
    }
}
