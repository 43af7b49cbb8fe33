namespace Rootcast.Server.Api;

/// <summary>Changes a node's labels.</summary>
public sealed record LabelsRequest
{
    private static readonly Dictionary<string, string> None = new(StringComparer.Ordinal);

    // Of what JSON leaves out the generated reader makes null, whatever stands here.

    /// <summary>Labels to set.</summary>
    public IReadOnlyDictionary<string, string> Set
    {
        get;
        init => field = value ?? None;
    } = None;

    /// <summary>Names of labels to take away.</summary>
    public IReadOnlyList<string> Remove
    {
        get;
        init => field = value ?? [];
    } = [];
}
