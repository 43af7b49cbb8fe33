namespace Rootcast.Server.Http;

/// <summary>How much a machine that waits for its turn has already: who has more comes first, so that machines that have begun get ready.</summary>
internal enum DownloadRank
{
    /// <summary>A part of this download.</summary>
    Part,

    /// <summary>The kernel.</summary>
    Kernel,

    /// <summary>Nothing.</summary>
    Nothing,
}
