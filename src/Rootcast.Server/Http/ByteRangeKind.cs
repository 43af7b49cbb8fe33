namespace Rootcast.Server.Http;

/// <summary>How a request for a range is answered.</summary>
public enum ByteRangeKind
{
    /// <summary>200 with the whole file.</summary>
    Whole,

    /// <summary>206 with a part.</summary>
    Part,

    /// <summary>416: the range begins behind the end.</summary>
    Unsatisfiable,
}
