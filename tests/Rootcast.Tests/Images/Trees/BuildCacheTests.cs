using Rootcast.Images.Trees;

namespace Rootcast.Tests;

public sealed class BuildCacheTests : IDisposable
{
    private readonly TemporaryDirectory place = new();

    private BuildCache Cache => new(place.Path);

    public void Dispose() => place.Dispose();

    [Fact]
    public async Task EntryIsThereWhenItIsComplete()
    {
        Assert.Null(Cache.Find("kind", "key"));
        string made = await Cache.MakeAsync(
            "kind",
            "key",
            async directory =>
            {
                Assert.Null(Cache.Find("kind", "key"));
                await File.WriteAllTextAsync(Path.Combine(directory, "file"), "x");
            }
        );
        Assert.Equal(made, Cache.Find("kind", "key"));
        Assert.Equal("x", await File.ReadAllTextAsync(Path.Combine(made, "file"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task FailedMakingLeavesNothing()
    {
        await Assert.ThrowsAsync<InvalidDataException>(() =>
            Cache.MakeAsync(
                "kind",
                "key",
                directory =>
                {
                    File.WriteAllText(Path.Combine(directory, "half"), "x");
                    throw new InvalidDataException();
                }
            )
        );
        Assert.Null(Cache.Find("kind", "key"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(place.Path, "making")));
    }

    [Fact]
    public async Task FasterOfTwoBuildsCounts()
    {
        string made = await Cache.MakeAsync("kind", "key", directory => Cache.MakeAsync("kind", "key", faster => Write(faster, "faster")));
        Assert.Equal("faster", await File.ReadAllTextAsync(Path.Combine(made, "who"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task FullFileSystemIsAnErrorWithAHint()
    {
        Contract.UserError error = await Assert.ThrowsAsync<Contract.UserError>(() =>
            Cache.MakeAsync("kind", "key", _ => throw new IOException("No space left on device", 28))
        );
        Assert.Contains("XDG_CACHE_HOME", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TrimRemovesWhatWasNotUsedForLongest()
    {
        foreach (string key in new[] { "a", "b", "c" })
        {
            string made = await Cache.MakeAsync("kind", key, directory => Write(directory, new string('x', 1000)));
            Directory.SetLastWriteTimeUtc(made, DateTime.UtcNow.AddHours(-10 + key[0] - 'a'));
        }
        Assert.NotNull(Cache.Find("kind", "a"));
        Assert.Equal(1000, Cache.Trim(2500));
        Assert.Null(Cache.Find("kind", "b"));
        Assert.NotNull(Cache.Find("kind", "a"));
        Assert.NotNull(Cache.Find("kind", "c"));
    }

    [Fact]
    public void NotesAreReplaced()
    {
        Assert.Null(Cache.ReadNote("kind", "key"));
        Cache.WriteNote("kind", "key", "one");
        Cache.WriteNote("kind", "key", "two");
        Assert.Equal("two", Cache.ReadNote("kind", "key"));
    }

    [Theory]
    [InlineData("/x", "/h", "/x/rootcast")]
    [InlineData("relative", "/h", "/h/.cache/rootcast")]
    [InlineData(null, "/h", "/h/.cache/rootcast")]
    [InlineData("", "", "/root/.cache/rootcast")]
    public void PlaceFollowsTheBaseDirectorySpecification(string? cache, string home, string expected) =>
        Assert.Equal(expected, BuildCache.Locate(name => name == "XDG_CACHE_HOME" ? cache : home));

    [Fact]
    public void KeysTellApartWhatStandsWhere()
    {
        Assert.NotEqual(Key("a", "bc"), Key("ab", "c"));
        Assert.NotEqual(Key("a", null), Key("a", "\0"));
        Assert.Equal(Key("a", "b"), Key("a", "b"));
    }

    private static string Key(string name, string? value)
    {
        using CacheKey key = new("test");
        return key.Add(name, value).Finish();
    }

    private static Task Write(string directory, string text) => File.WriteAllTextAsync(Path.Combine(directory, "who"), text);
}
