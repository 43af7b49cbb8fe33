using Rootcast.Contract;
using Rootcast.Server.Api;
using Rootcast.Server.State;

namespace Rootcast.Cli.Nodes;

/// <summary>Where <c>rootcast serve</c> keeps what it knows of nodes, and the token that changes take.</summary>
internal static class ServeState
{
    /// <summary>Names the state where no option does.</summary>
    public const string Variable = "ROOTCAST_STATE";

    /// <summary>The token, in the state's directory.</summary>
    public const string TokenFile = "token";

    /// <summary>The directory that is used when nothing else is named.</summary>
    public static string UsualDirectory
    {
        get
        {
            string? named = Environment.GetEnvironmentVariable(Variable);
            return named is { Length: > 0 } && !StateDatabase.IsPostgres(named) ? named : Path.Combine(Paths.State, "serve");
        }
    }

    /// <summary>Opens the state; at the first time makes the token and tells it.</summary>
    /// <param name="option">What the option says; null for what the environment says, else the usual directory.</param>
    /// <param name="people">Where the token is shown.</param>
    /// <exception cref="UserError">It cannot be opened, or the token cannot be kept.</exception>
    public static StateDatabase Open(string? option, TextWriter people)
    {
        string? variable = Environment.GetEnvironmentVariable(Variable);
        string where = option ?? (variable is { Length: > 0 } ? variable : UsualDirectory);
        StateDatabase state = StateDatabase.Open(where);
        try
        {
            if (new NodeTokens(state).MakeFirst() is not { } token)
            {
                return state;
            }
            if (StateDatabase.IsPostgres(where))
            {
                people.WriteLine($"the token for changes, shown this once: {token}");
                return state;
            }
            string file = Path.Combine(where, TokenFile);
            Write(file, token);
            people.WriteLine($"the token for changes: {token} (kept in {file}, where 'rootcast node' finds it)");
            return state;
        }
        catch
        {
            state.Dispose();
            throw;
        }
    }

    private static void Write(string file, string token)
    {
        try
        {
            File.Delete(file);
            using FileStream stream = new(
                file,
                new FileStreamOptions
                {
                    Mode = FileMode.CreateNew,
                    Access = FileAccess.Write,
                    UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                }
            );
            stream.Write(System.Text.Encoding.ASCII.GetBytes(token + "\n"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"The token cannot be kept in {file}: {error.Message}", "Name another directory by --state.", cause: error);
        }
    }
}
