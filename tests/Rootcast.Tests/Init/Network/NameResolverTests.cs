using System.Net;
using System.Net.Sockets;
using Rootcast.Contract;
using Rootcast.Init.Network;

namespace Rootcast.Tests;

/// <summary>The resolver against DNS servers on loopback ports.</summary>
public sealed class NameResolverTests : IDisposable
{
    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(700);
    private readonly Socket server = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly List<string> asked = [];

    public NameResolverTests() => server.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    private int Port => ((IPEndPoint)server.LocalEndPoint!).Port;

    public void Dispose() => server.Dispose();

    [Fact]
    public void AnAddressIsNotAskedFor() => Assert.Equal("192.0.2.7", new NameResolver([], null).Resolve("192.0.2.7").Single().ToString());

    [Fact]
    public void ANameIsAskedFor()
    {
        Serve(query => [Answer(query, 0, 192, 0, 2, 1)]);
        Assert.Equal("192.0.2.1", Resolver().Resolve("boot.example").Single().ToString());
        Assert.Equal(["boot.example"], asked);
    }

    [Fact]
    public void AShortNameIsLookedForInTheDomainFirst()
    {
        Serve(query => [Answer(query, asked[^1] == "boot.lab.example" ? 3 : 0, 192, 0, 2, 1)]);
        Assert.Equal("192.0.2.1", Resolver("lab.example").Resolve("boot").Single().ToString());
        Assert.Equal(["boot.lab.example", "boot"], asked);
    }

    [Fact]
    public void WhatIsLateOrForgedIsNotTaken()
    {
        Serve(query =>
        {
            byte[] forged = Answer(query, 0, 6, 6, 6, 6);
            forged[0] ^= 1;
            byte[] other = Answer(query, 0, 6, 6, 6, 6);
            other[13] ^= 1;
            return [forged, other, Answer(query, 0, 192, 0, 2, 1)];
        });
        Assert.Equal("192.0.2.1", Resolver().Resolve("boot.example").Single().ToString());
    }

    [Fact]
    public void ALostQueryAndAFailureAreRepeated()
    {
        Serve(query =>
            asked.Count switch
            {
                1 => [],
                2 => [Answer(query, 2, 0, 0, 0, 0)],
                _ => [Answer(query, 0, 192, 0, 2, 1)],
            }
        );
        Assert.Equal("192.0.2.1", Resolver().Resolve("boot.example").Single().ToString());
        Assert.Equal(3, asked.Count);
    }

    [Fact]
    public void TheNextServerIsAskedWhenOneIsNotThere()
    {
        Serve(query => [Answer(query, 0, 192, 0, 2, 1)]);
        NameResolver resolver = new([IPAddress.Parse("127.0.0.2"), IPAddress.Loopback], null, Wait, Port);
        Assert.Equal("192.0.2.1", resolver.Resolve("boot.example").Single().ToString());
    }

    [Fact]
    public void ANameThatIsNotThereIsSaidAtOnce()
    {
        Serve(query => [Answer(query, 3, 0, 0, 0, 0)]);
        UserError error = Assert.Throws<UserError>(() => Resolver().Resolve("boot.example"));
        Assert.Contains("boot.example has no IPv4 address, says DNS server 127.0.0.1", error.Message, StringComparison.Ordinal);
        Assert.Single(asked);
    }

    [Fact]
    public void NoServerIsSaid() =>
        Assert.Contains(
            "neither DHCP nor ip= names a DNS server",
            Assert.Throws<UserError>(() => new NameResolver([], null).Resolve("boot.example")).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void SilenceMayEndLater()
    {
        Serve(_ => []);
        NameResolver resolver = new([IPAddress.Loopback], null, TimeSpan.FromMilliseconds(5), Port);
        Assert.Contains(
            "none of the DNS servers 127.0.0.1",
            Assert.Throws<IOException>(() => resolver.Resolve("boot.example")).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void WhatIsNoNameIsSaid() => Assert.Throws<UserError>(() => Resolver().Resolve("boot..example"));

    private NameResolver Resolver(string? domain = null) => new([IPAddress.Loopback], domain, Wait, Port);

    private void Serve(Func<byte[], byte[][]> answers) =>
        new Thread(() =>
        {
            try
            {
                byte[] buffer = new byte[512];
                while (true)
                {
                    EndPoint client = new IPEndPoint(IPAddress.Any, 0);
                    byte[] query = buffer[..server.ReceiveFrom(buffer, ref client)];
                    asked.Add(NameOf(query));
                    foreach (byte[] answer in answers(query))
                    {
                        server.SendTo(answer, client);
                    }
                }
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                // The test is over.
            }
        })
        {
            IsBackground = true,
        }.Start();

    private static string NameOf(byte[] query)
    {
        List<string> labels = [];
        for (int at = 12; query[at] > 0; at += query[at] + 1)
        {
            labels.Add(System.Text.Encoding.ASCII.GetString(query, at + 1, query[at]));
        }
        return string.Join('.', labels);
    }

    private static byte[] Answer(byte[] query, int code, params byte[] address)
    {
        byte[] answer = [.. query, 0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, .. address];
        answer[2] = 0x81;
        answer[3] = (byte)(0x80 | code);
        answer[7] = 1;
        return code == 0 ? answer : [.. answer[..7], 0, .. query[8..]];
    }
}
