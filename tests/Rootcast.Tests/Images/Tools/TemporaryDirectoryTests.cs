using Rootcast.Images.Tools;
using Scratch = Rootcast.Images.Tools.TemporaryDirectory;

namespace Rootcast.Tests;

public class TemporaryDirectoryTests
{
    [Fact]
    public async Task GoesWithOddNamesAndDirectoriesThatCannotBeWritten()
    {
        string path;
        await using (Scratch directory = Scratch.Create())
        {
            path = directory.Path;
            await new Tool("sh", "-c", @"mkdir ""$(printf 'a\377\nb')"" c && touch c/d && cd ./a* && touch x && chmod 0 .")
            {
                WorkingDirectory = path,
            }.RunAsync(TestContext.Current.CancellationToken);
            Assert.Equal(2, Directory.GetFileSystemEntries(path).Length);
        }
        Assert.False(Path.Exists(path));
    }
}
