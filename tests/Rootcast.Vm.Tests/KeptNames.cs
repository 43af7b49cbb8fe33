using Rootcast.Images.Store;

namespace Rootcast.Vm.Tests;

/// <summary>Takes away again, when it is over, the names under which a server has kept images in the tests' store.</summary>
internal sealed class KeptNames(ImageStore store) : IDisposable
{
    private readonly HashSet<string> before = [.. store.List().Select(entry => entry.Tag)];

    public void Dispose()
    {
        foreach (StoreEntry entry in store.List().Where(entry => !before.Contains(entry.Tag)))
        {
            store.Remove(entry.Tag);
        }
    }
}
