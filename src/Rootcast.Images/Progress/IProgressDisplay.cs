namespace Rootcast.Images.Progress;

/// <summary>Where long work shows how far it is: a bar on a terminal, plain lines elsewhere, nothing in tests.</summary>
public interface IProgressDisplay
{
    /// <summary>Begins a stage; disposing it ends it. Stages may nest and run side by side.</summary>
    IProgressStage Begin(string title);

    /// <summary>A line for people that stays on screen.</summary>
    void Say(string line);
}
