namespace Rootcast.Lab.Measuring;

/// <summary>What serves one run's artefact by HTTP; the lab has no server of its own.</summary>
public interface IMeasuredServer : IAsyncDisposable
{
    /// <summary>As the guest asks for it.</summary>
    string Url { get; }

    /// <summary>Content that was given to connections so far.</summary>
    long BytesSent { get; }
}
