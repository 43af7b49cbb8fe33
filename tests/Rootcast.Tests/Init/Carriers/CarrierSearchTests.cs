using Rootcast.Contract;
using Rootcast.Init.Carriers;

namespace Rootcast.Tests;

public sealed class CarrierSearchTests
{
    private static readonly ArtefactIdentity Identity = new("sha256:" + new string('a', 64), 100, 300);

    [Fact]
    public void What_cannot_have_it_is_left_out_with_the_reason()
    {
        List<string> said = [];
        BootPlan plan = new() { Form = Form.Squashfs, Artefact = Identity };
        Assert.Equal([Carrier.Disk], CarrierSearch.Narrow(plan, hasPayload: false, said.Add).Carriers);
        Assert.Equal(["not by initrd: the initrd has no payload segment", "not by http: rootcast.url= is missing"], said);
    }

    [Fact]
    public void The_payload_of_the_initrd_comes_first_and_the_others_stay_behind_it()
    {
        BootPlan plan = new()
        {
            Form = Form.Squashfs,
            Artefact = Identity,
            Url = "http://[::1]/x",
        };
        Assert.Equal(
            [Carrier.Initrd, Carrier.Disk, Carrier.Http],
            CarrierSearch.Narrow(plan, hasPayload: true, _ => Assert.Fail("nothing is left out")).Carriers
        );
    }

    [Theory]
    [InlineData(Carrier.Initrd)]
    [InlineData(Carrier.Disk)]
    [InlineData(Carrier.Http)]
    public void A_carrier_that_was_named_alone_is_asked_whatever_it_lacks(Carrier carrier)
    {
        BootPlan plan = new() { Form = Form.Squashfs, Carrier = carrier };
        Assert.Same(plan, CarrierSearch.Narrow(plan, hasPayload: false, _ => Assert.Fail("nothing is left out")));
    }

    [Fact]
    public void Where_none_is_left_all_are_asked_so_that_each_says_what_it_lacks() =>
        Assert.Equal(3, CarrierSearch.Narrow(new BootPlan { Form = Form.Tmpfs }, hasPayload: false, _ => { }).Carriers.Count);

    [Fact]
    public void An_artefact_lies_on_a_medium_under_its_digest() =>
        Assert.Equal("/rootcast/" + new string('a', 64), MediaPaths.Of(Identity));
}
