namespace Rootcast.Lab.Studies;

/// <summary>What one owner holds in two cells.</summary>
/// <param name="Owner">Who.</param>
/// <param name="Kind">What kind of memory.</param>
/// <param name="One">Bytes in the first.</param>
/// <param name="Other">Bytes in the second.</param>
public sealed record OwnerDifference(string Owner, string Kind, long One, long Other)
{
    /// <summary>How much more the first has.</summary>
    public long More => One - Other;
}
