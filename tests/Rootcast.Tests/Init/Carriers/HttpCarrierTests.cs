using Rootcast.Contract;
using Rootcast.Init.Carriers;

namespace Rootcast.Tests;

public class HttpCarrierTests
{
    private static readonly ArtefactIdentity Identity = new("sha256:" + new string('0', 64), 1, 1);

    [Theory]
    [InlineData(null, "rootcast.url= is missing")]
    [InlineData("boot/root.squashfs", "no URL")]
    [InlineData("https://boot/root.squashfs", "no authority by which")]
    public void AUrlThatCannotBeFetchedIsSaidBeforeTheNetworkIsTouched(string? url, string reason)
    {
        BootPlan plan = new()
        {
            Form = Form.Squashfs,
            Carrier = Carrier.Http,
            Url = url,
            Artefact = Identity,
        };
        Assert.Contains(
            reason,
            Assert.Throws<UserError>(() => HttpCarrier.Check(plan, hasAuthority: false, out _)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void WhatCouldNotBeVerifiedIsNotFetched()
    {
        BootPlan plan = new()
        {
            Form = Form.Squashfs,
            Carrier = Carrier.Http,
            Url = "http://boot/x",
        };
        Assert.Contains(
            "could not be verified",
            Assert.Throws<UserError>(() => HttpCarrier.Check(plan, hasAuthority: false, out _)).Message,
            StringComparison.Ordinal
        );
        Assert.Equal("http://boot/x", HttpCarrier.Check(plan with { Artefact = Identity }, hasAuthority: false, out _).ToString());
    }
}
