namespace Rootcast.Tests;

/// <summary>The working tree that the tests were built from.</summary>
internal static class Checkout
{
    public static string Root { get; } = Find();

    public static IEnumerable<string> SourceFiles(string below) =>
        Directory
            .EnumerateFiles(Path.Combine(Root, below), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal));

    public static string Relative(string file) => Path.GetRelativePath(Root, file);

    private static string Find()
    {
        string? at = AppContext.BaseDirectory;
        while (at is not null && !File.Exists(Path.Combine(at, "Rootcast.slnx")))
        {
            at = Path.GetDirectoryName(at);
        }
        return at ?? throw new InvalidOperationException($"no Rootcast.slnx above {AppContext.BaseDirectory}");
    }
}
