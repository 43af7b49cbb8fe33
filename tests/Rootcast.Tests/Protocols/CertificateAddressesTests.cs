using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Rootcast.Protocols.Tls;

namespace Rootcast.Tests;

public class CertificateAddressesTests
{
    private static readonly byte[] Certificate = Make();

    [Theory]
    [InlineData("10.77.0.1", true)]
    [InlineData("fd00::1", true)]
    [InlineData("10.77.0.2", false)]
    [InlineData("::ffff:10.77.0.1", false)]
    public void OnlyItsAddressesAreFound(string address, bool has) =>
        Assert.Equal(has, CertificateAddresses.Has(Certificate, IPAddress.Parse(address)));

    /// <summary>"10.77.0.1" as a DNS name, and the four bytes of an address elsewhere, are no addresses.</summary>
    [Fact]
    public void AnAddressInAnotherPlaceDoesNotCount()
    {
        Assert.False(CertificateAddresses.Has(Certificate, new IPAddress("boot"u8)));
        Assert.False(CertificateAddresses.Has(Certificate, new IPAddress("CN=b"u8)));
    }

    [Fact]
    public void WhatIsMalformedIsForNone()
    {
        IPAddress address = IPAddress.Parse("10.77.0.1");
        for (int length = 0; length < Certificate.Length; length++)
        {
            Assert.False(CertificateAddresses.Has(Certificate.AsSpan(0, length), address));
        }
        Random random = new(1);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] changed = [.. Certificate];
            for (int n = random.Next(1, 8); n > 0; n--)
            {
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
            }
            _ = CertificateAddresses.Has(changed, address);
        }
    }

    private static byte[] Make()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=boot", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName("boot");
        names.AddIpAddress(IPAddress.Parse("10.77.0.1"));
        names.AddIpAddress(IPAddress.Parse("fd00::1"));
        request.CertificateExtensions.Add(names.Build(critical: true));
        using X509Certificate2 made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return made.RawData;
    }
}
