using Rootcast.Images.Store;

namespace Rootcast.Tests;

public sealed class StoreLocationTests
{
    [Theory]
    [InlineData("/s", "/x", "/h", "/s")]
    [InlineData(null, "/x", "/h", "/x/rootcast/store")]
    [InlineData("", "relative", "/h", "/h/.local/share/rootcast/store")]
    [InlineData(null, null, "/h", "/h/.local/share/rootcast/store")]
    public void The_first_variable_that_is_set_wins(string? store, string? data, string? home, string expected) =>
        Assert.Equal(
            expected,
            StoreLocation.Find(name =>
                name switch
                {
                    "ROOTCAST_STORE" => store,
                    "XDG_DATA_HOME" => data,
                    "HOME" => home,
                    _ => null,
                }
            )
        );

    [Theory]
    [InlineData("try", true)]
    [InlineData("web:3", true)]
    [InlineData("a/b-c_d.e+f@1", true)]
    [InlineData("", false)]
    [InlineData("Try", false)]
    [InlineData("../x", false)]
    [InlineData("a//b", false)]
    [InlineData("a-", false)]
    [InlineData("sha256:00", false)]
    public void Names_keep_to_the_grammar(string name, bool valid) => Assert.Equal(valid, ImageTag.IsValid(name));
}
