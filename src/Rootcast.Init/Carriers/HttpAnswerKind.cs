namespace Rootcast.Init.Carriers;

/// <summary>See <see cref="HttpAnswer.Judge"/>.</summary>
public enum HttpAnswerKind
{
    /// <summary>The artefact from its first byte.</summary>
    Whole,

    /// <summary>The artefact from the byte that was asked for.</summary>
    Rest,

    /// <summary>A range that was not asked for, or none where one must be: the whole is to be asked for.</summary>
    WrongRange,

    /// <summary>The server cannot now.</summary>
    Later,

    /// <summary>The server works, and serves others first: it says when to come again.</summary>
    NotYet,
}
