namespace Rootcast.Vm.Tests;

/// <summary>The checkout that these tests were built in.</summary>
internal static class Checkout
{
    private static readonly string[] InitPlaces =
    [
        "artifacts/publish/rootcast-init",
        "artifacts/net10.0/publish/Rootcast.Init/release_linux-x64/rootcast-init",
        "artifacts/net9.0/publish/Rootcast.Init/release_linux-x64/rootcast-init",
    ];

    /// <summary>Its root.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    /// <summary>What VM tests keep from one run to the next.</summary>
    public static string State => Path.Combine(Root, "artifacts", "vm");

    /// <summary>The published /init; null when there is none.</summary>
    public static string? Init =>
        Environment.GetEnvironmentVariable("ROOTCAST_INIT") is { Length: > 0 } named
            ? named
            : InitPlaces.Select(place => Path.Combine(Root, place)).FirstOrDefault(File.Exists);

    private static string Find(string start)
    {
        DirectoryInfo? directory = new(start);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Rootcast.slnx")))
        {
            directory = directory.Parent;
        }
        return directory?.FullName ?? throw new InvalidOperationException($"{start} is not in a checkout");
    }
}
