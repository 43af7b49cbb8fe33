namespace Rootcast.Images.Progress;

/// <summary>A stage of long work. Disposed without <see cref="Done"/> it counts as failed.</summary>
public interface IProgressStage : IDisposable
{
    /// <summary>How far it is: <paramref name="total"/> is null when nobody knows.</summary>
    void Report(long done, long? total);

    /// <summary>What happens inside the stage at the moment; replaces what was said before.</summary>
    void Detail(string text);

    /// <summary>The stage has ended well, with a short result (<c>105 MB</c>, <c>unchanged</c>).</summary>
    void Done(string result);
}
