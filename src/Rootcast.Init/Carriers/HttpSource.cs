using Rootcast.Contract;
using Rootcast.Init.Journal;
using Rootcast.Linux.Events;

namespace Rootcast.Init.Carriers;

/// <summary>An artefact that a server has begun to send.</summary>
/// <param name="fetch">Its answer is here, its content is not read yet.</param>
/// <param name="origin">The URL.</param>
/// <param name="identity">What it must be; null for an image of others that nothing is known of.</param>
/// <param name="journal">Gets the mark <see cref="Marks.Fetched"/>.</param>
public sealed class HttpSource(HttpFetch fetch, string origin, ArtefactIdentity? identity, BootJournal journal) : IArtefactSource
{
    /// <inheritdoc/>
    public string Origin => origin;

    /// <inheritdoc/>
    public long Length => fetch.Length;

    /// <inheritdoc/>
    public string? MountablePath => null;

    /// <inheritdoc/>
    public Stream Open()
    {
        TimeSpan started = BootClock.Now;
        return new VerifyingStream(fetch, origin, fetch.Length, identity, Ended);

        void Ended()
        {
            double seconds = Math.Max(0.000_001, (BootClock.Now - started).TotalSeconds);
            journal.Mark(Marks.Fetched);
            journal.Say(
                $"{origin} fetched{(identity is null ? "" : " and verified")}: {fetch.Length} bytes in {seconds:0.000} s, {fetch.Length / seconds / 1e6:0.0} MB/s, "
                    + $"{fetch.Attempts} connections"
            );
        }
    }

    /// <inheritdoc/>
    public void Dispose() => fetch.Dispose();
}
