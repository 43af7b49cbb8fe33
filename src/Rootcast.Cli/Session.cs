using Rootcast.Cli.Terminal;
using Rootcast.Images.Progress;
using Rootcast.Images.Store;
using Spectre.Console;

namespace Rootcast.Cli;

/// <summary>What every command is given: where data and people's text go.</summary>
/// <param name="Output">Standard output: data.</param>
/// <param name="Data">The same, for tables.</param>
/// <param name="People">Standard error: text for people.</param>
/// <param name="Asking">Whether somebody can answer a question: standard input and standard error are a terminal.</param>
/// <param name="StoreDirectory">The store; null for where the environment says.</param>
internal sealed record Session(TextWriter Output, IAnsiConsole Data, IAnsiConsole People, bool Asking, string? StoreDirectory = null)
{
    /// <summary>On the real streams.</summary>
    public static Session OfThisProcess() =>
        new(
            Console.Out,
            ConsoleOn(Console.Out, Console.IsOutputRedirected),
            ConsoleOn(Console.Error, Console.IsErrorRedirected),
            !Console.IsInputRedirected && !Console.IsErrorRedirected
        );

    /// <summary>Opens the store.</summary>
    public ImageStore OpenStore() => ImageStore.Open(StoreDirectory);

    /// <summary>Plain lines on standard error, for work that hands the terminal over.</summary>
    public IProgressDisplay PlainProgress => new PlainProgress(People.Profile.Out.Writer);

    /// <summary>Runs work that shows how far it is.</summary>
    public Task<T> WithProgressAsync<T>(Func<IProgressDisplay, Task<T>> work) =>
        People.Profile.Capabilities.Interactive ? TerminalProgress.RunAsync(People, work) : work(PlainProgress);

    /// <summary>A warning for people.</summary>
    public void Warn(string text) => People.WriteLine($"warning: {text}");

    /// <summary>Asks somebody at the terminal; Enter alone is yes.</summary>
    public bool Confirm(string question)
    {
        People.Write(new Text($"{question} [Y/n] "));
        string? answer = Console.In.ReadLine()?.Trim();
        return answer is not null && (answer.Length == 0 || answer[0] is 'y' or 'Y');
    }

    /// <summary>Asks somebody at the terminal about something that cannot be undone; only the whole word is yes.</summary>
    public bool ConfirmByWord(string question, string word)
    {
        People.Write(new Text($"{question} Type {word} to go on: "));
        return Console.In.ReadLine()?.Trim() == word;
    }

    /// <summary>Writes a record of data.</summary>
    public void WriteJson(byte[] utf8) => Output.WriteLine(System.Text.Encoding.UTF8.GetString(utf8));

    private static IAnsiConsole ConsoleOn(TextWriter writer, bool redirected)
    {
        bool dumb = redirected || Environment.GetEnvironmentVariable("TERM") is null or "" or "dumb";
        bool plain = dumb || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 };
        IAnsiConsole console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = dumb ? AnsiSupport.No : AnsiSupport.Yes,
                ColorSystem = plain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
                Interactive = dumb ? InteractionSupport.No : InteractionSupport.Yes,
                Out = new AnsiConsoleOutput(writer),
            }
        );
        if (redirected)
        {
            // Nobody's window: a table must not be broken at the 80 columns that are assumed for a pipe.
            console.Profile.Width = 200;
        }
        return console;
    }
}
