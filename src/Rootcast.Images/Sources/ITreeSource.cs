using Rootcast.Images.Progress;
using Rootcast.Images.Trees;

namespace Rootcast.Images.Sources;

/// <summary>One way to come by a tree. It is asked first what the tree depends on, and for the tree only when no build before has made it.</summary>
internal interface ITreeSource : IDisposable
{
    /// <summary>Adds all that the tree depends on to its key.</summary>
    Task AddToAsync(CacheKey key, IProgressStage progress, CancellationToken cancellation);

    /// <summary>The time that bounds all times in the tree when SOURCE_DATE_EPOCH does not say another; null for none. Known after
    /// <see cref="AddToAsync"/>.</summary>
    long? Epoch { get; }

    /// <summary>Makes the tree.</summary>
    /// <param name="scratch">A directory for what is needed until the tree is disposed of.</param>
    /// <param name="progress">Told what happens.</param>
    /// <param name="cancellation">Ends everything that was started.</param>
    Task<FileTree> ReadAsync(string scratch, IProgressStage progress, CancellationToken cancellation);

    /// <summary>Called when the tree has been written: the last chance to say that it did not hold still.</summary>
    void Verify(CancellationToken cancellation);
}
