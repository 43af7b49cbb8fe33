using System.Diagnostics;
using System.Globalization;
using Rootcast.Images.Progress;

namespace Rootcast.Cli.Terminal;

/// <summary>A line when a stage begins and one when it ends, for logs and pipes.</summary>
internal sealed class PlainProgress(TextWriter people) : IProgressDisplay
{
    private readonly Lock turn = new();

    /// <inheritdoc/>
    public IProgressStage Begin(string title)
    {
        Say($"{title} ...");
        return new Stage(this, title);
    }

    /// <inheritdoc/>
    public void Say(string line)
    {
        lock (turn)
        {
            people.WriteLine(line);
        }
    }

    private sealed class Stage(PlainProgress display, string title) : IProgressStage
    {
        private readonly Stopwatch watch = Stopwatch.StartNew();
        private bool ended;

        public void Report(long done, long? total) { }

        public void Detail(string text) { }

        public void Done(string result) => End(result);

        public void Dispose() => End("failed");

        private void End(string result)
        {
            if (!ended)
            {
                ended = true;
                display.Say(string.Create(CultureInfo.InvariantCulture, $"{title}: {result} ({watch.Elapsed.TotalSeconds:0.0} s)"));
            }
        }
    }
}
