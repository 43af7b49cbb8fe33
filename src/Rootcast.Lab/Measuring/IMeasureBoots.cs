using Rootcast.Lab.Machines;

namespace Rootcast.Lab.Measuring;

/// <summary>Boots machines to be measured.</summary>
public interface IMeasureBoots
{
    /// <summary>Boots a cell and has the guest do its work.</summary>
    /// <param name="cell">What to boot.</param>
    /// <param name="work">What the guest does then.</param>
    /// <param name="run">What is known of the run; the rest is filled in.</param>
    /// <param name="consoleLog">Where the guest's console is kept.</param>
    /// <param name="cancellation">Ends the machine.</param>
    /// <exception cref="Contract.UserError">It could not even be started.</exception>
    Task<MeasuredRun> RunAsync(MeasureCell cell, GuestWork work, MeasuredRun run, string consoleLog, CancellationToken cancellation);

    /// <summary>Boots a cell with other memory, only to see whether it gets ready.</summary>
    /// <param name="cell">Form and carrier.</param>
    /// <param name="memoryBytes">Memory of the machine.</param>
    /// <param name="deadline">For the boot.</param>
    /// <param name="consoleLog">Where the guest's console is kept.</param>
    /// <param name="cancellation">Ends the machine.</param>
    Task<LeastAttempt> TryAsync(MeasureCell cell, long memoryBytes, TimeSpan deadline, string consoleLog, CancellationToken cancellation);
}
