using Rootcast.Protocols.Http;

namespace Rootcast.Tests;

public class HttpUrlTests
{
    [Theory]
    [InlineData("http://10.0.2.2:8080/a/b?c=d#e", "http", "10.0.2.2", 8080, "/a/b?c=d")]
    [InlineData("HTTP://Boot.Example", "http", "boot.example", 80, "/")]
    [InlineData("http://boot:/x", "http", "boot", 80, "/x")]
    [InlineData("https://boot?q", "https", "boot", 443, "/?q")]
    [InlineData("http://[2001:DB8::1]:81/", "http", "2001:db8::1", 81, "/")]
    public void AUrlIsRead(string text, string scheme, string host, int port, string target)
    {
        Assert.True(HttpUrl.TryParse(text, out HttpUrl? url));
        Assert.Equal(new HttpUrl(scheme, host, port, target), url);
    }

    [Theory]
    [InlineData("")]
    [InlineData("boot/x")]
    [InlineData("ftp://boot/x")]
    [InlineData("http://")]
    [InlineData("http:///x")]
    [InlineData("http://user@boot/x")]
    [InlineData("http://boot:0/")]
    [InlineData("http://boot:65536/")]
    [InlineData("http://boot:8x/")]
    [InlineData("http://bo ot/")]
    [InlineData("http://boot/a\r\nHost: evil")]
    [InlineData("http://[::1/")]
    [InlineData("http://[::1]x/")]
    public void WhatIsNoneIsRefused(string text) => Assert.False(HttpUrl.TryParse(text, out _));

    [Theory]
    [InlineData("http://other:81/x", "http://other:81/x")]
    [InlineData("https://other/x", "https://other/x")]
    [InlineData("//other/x", "http://other/x")]
    [InlineData("/x?y", "http://boot:8080/x?y")]
    [InlineData("x", "http://boot:8080/a/x")]
    [InlineData("x?u=http://y", "http://boot:8080/a/x?u=http://y", false)]
    [InlineData("?z", "http://boot:8080/a/b?z")]
    public void ALocationLeadsOnFromHere(string location, string expected, bool understood = true)
    {
        Assert.True(HttpUrl.TryParse("http://boot:8080/a/b?c", out HttpUrl? url));
        Assert.Equal(understood ? expected : null, url!.Resolve(location)?.ToString());
    }

    [Fact]
    public void TheHostHeaderHasThePortOnlyWhenItIsAnother()
    {
        Assert.Equal("boot", new HttpUrl("http", "boot", 80, "/").Authority);
        Assert.Equal("boot:443", new HttpUrl("http", "boot", 443, "/").Authority);
        Assert.Equal("[::1]:8080", new HttpUrl("http", "::1", 8080, "/").Authority);
    }
}
