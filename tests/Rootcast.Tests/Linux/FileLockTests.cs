using System.Diagnostics;
using Rootcast.Linux.Files;

namespace Rootcast.Tests;

public sealed class FileLockTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_lock_that_was_given_back_is_free_though_other_threads_start_programs()
    {
        string path = Path.Combine(_directory.Path, "lock");
        Task starting = Task.Run(
            () =>
            {
                for (int i = 0; i < 60; i++)
                {
                    using Process child = Process.Start("true")!;
                    child.WaitForExit();
                }
            },
            TestContext.Current.CancellationToken
        );
        int taken = 0;
        do
        {
            using (FileLock? held = FileLock.TryTakeExclusive(path))
            {
                Assert.True(held is not null, $"taken {taken} times, then somebody else held it");
            }
            taken++;
        } while (!starting.IsCompleted);
        await starting;
    }

    [Fact]
    public void A_lock_is_held_against_others_until_it_is_given_back()
    {
        string path = Path.Combine(_directory.Path, "lock");
        using (FileLock.TakeShared(path))
        {
            Assert.Null(FileLock.TryTakeExclusive(path));
            FileLock.TakeShared(path).Dispose();
            Assert.Null(FileLock.TryTakeExclusive(path));
        }
        FileLock.TryTakeExclusive(path)!.Dispose();
    }
}
