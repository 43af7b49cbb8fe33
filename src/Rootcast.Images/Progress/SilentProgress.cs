namespace Rootcast.Images.Progress;

/// <summary>Shows nothing.</summary>
public sealed class SilentProgress : IProgressDisplay
{
    /// <inheritdoc/>
    public IProgressStage Begin(string title) => new Stage();

    /// <inheritdoc/>
    public void Say(string line) { }

    private sealed class Stage : IProgressStage
    {
        public void Report(long done, long? total) { }

        public void Detail(string text) { }

        public void Done(string result) { }

        public void Dispose() { }
    }
}
