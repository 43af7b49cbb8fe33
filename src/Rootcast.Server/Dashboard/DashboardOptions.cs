namespace Rootcast.Server.Dashboard;

/// <summary>What a server's pages show beside its nodes.</summary>
public sealed record DashboardOptions
{
    /// <summary>Where they are.</summary>
    public const string Path = "/dashboard";

    /// <summary>Reports of measuring, found anew at each question; of every image, whether it is served or not.</summary>
    public Func<IReadOnlyList<MeasuredReport>> Reports { get; init; } = () => [];

    /// <summary>Browsers that are told of changes at the same time; the next one is told to come later.</summary>
    public int MostListeners { get; init; } = 64;

    /// <summary>How often it is looked what has changed. What the server itself does is seen at the next such moment.</summary>
    public TimeSpan Step { get; init; } = TimeSpan.FromMilliseconds(250);
}
