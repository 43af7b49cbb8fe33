using System.Globalization;
using Rootcast.Images.Progress;
using Spectre.Console;

namespace Rootcast.Cli.Terminal;

/// <summary>A line a stage with what happens in it and its elapsed time.</summary>
internal sealed class TerminalProgress : IProgressDisplay
{
    private readonly ProgressContext context;
    private readonly IAnsiConsole people;

    private TerminalProgress(ProgressContext context, IAnsiConsole people)
    {
        this.context = context;
        this.people = people;
    }

    /// <summary>Runs work whose stages are shown until it ends; what they said last stays on screen.</summary>
    public static Task<T> RunAsync<T>(IAnsiConsole people, Func<IProgressDisplay, Task<T>> work) =>
        people
            .Progress()
            .AutoClear(false)
            .HideCompleted(false)
            .Columns(
                new SpinnerColumn { CompletedText = "[green]✓[/]" },
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ElapsedTimeColumn()
            )
            .StartAsync(context => work(new TerminalProgress(context, people)));

    /// <inheritdoc/>
    public IProgressStage Begin(string title) => new Stage(context.AddTask(Markup.Escape(title)), title);

    /// <inheritdoc/>
    public void Say(string line) => people.WriteLine(line);

    private sealed class Stage(ProgressTask task, string title) : IProgressStage
    {
        private bool ended;

        public void Report(long done, long? total)
        {
            if (total > 0)
            {
                Detail(string.Create(CultureInfo.InvariantCulture, $"{Math.Min(100, done * 100 / total.Value)} %"));
            }
        }

        public void Detail(string text)
        {
            if (!ended)
            {
                task.Description = $"{Markup.Escape(title)} [grey]{Markup.Escape(text)}[/]";
            }
        }

        public void Done(string result) => End($"{Markup.Escape(title)}: {Markup.Escape(result)}");

        public void Dispose() => End($"{Markup.Escape(title)}: [red]failed[/]");

        private void End(string description)
        {
            if (!ended)
            {
                ended = true;
                task.Description = description;
                task.Value = task.MaxValue;
                task.StopTask();
            }
        }
    }
}
