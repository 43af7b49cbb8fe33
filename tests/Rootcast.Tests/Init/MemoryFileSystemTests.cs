using Rootcast.Init.Forms;

namespace Rootcast.Tests;

public class MemoryFileSystemTests
{
    [Theory]
    [InlineData(null, null, null)]
    [InlineData(null, "0", null)]
    [InlineData(null, "0-1", "interleave")]
    [InlineData(null, "0,2", "interleave")]
    [InlineData("default", "0-1", null)]
    [InlineData("bind:1", "0-1", "bind:1")]
    [InlineData("prefer:0", "0", "prefer:0")]
    public void PagesAreSpreadWhereThereIsMoreThanOneNode(string? asked, string? nodes, string? policy) =>
        Assert.Equal(policy, MemoryFileSystem.PolicyFor(asked, nodes));
}
