using System.Text;
using System.Text.Json;
using Rootcast.Server;

namespace Rootcast.Tests;

public sealed class ServerEventTests
{
    [Fact]
    public void AsJsonItIsOneLineWhateverAMachineSaid()
    {
        ServerEvent happened = new("dhcp", "52:54:00:12:34:56", "named \"x\"\n{}");
        string line = Encoding.UTF8.GetString(happened.ToJson(new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero)));
        Assert.DoesNotContain('\n', line);
        JsonElement read = JsonDocument.Parse(line).RootElement;
        Assert.Equal("dhcp", read.GetProperty("part").GetString());
        Assert.Equal(happened.Client, read.GetProperty("client").GetString());
        Assert.Equal(happened.Text, read.GetProperty("text").GetString());
        Assert.Equal(new DateTime(2026, 1, 31, 12, 0, 0, DateTimeKind.Utc), read.GetProperty("time").GetDateTime());
    }
}
