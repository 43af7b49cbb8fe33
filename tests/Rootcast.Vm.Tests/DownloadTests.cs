using Rootcast.Contract;
using Rootcast.Lab.Boots;
using Rootcast.Lab.Machines;

namespace Rootcast.Vm.Tests;

public class DownloadTests(GuestLab lab)
{
    public static TheoryData<Form> Forms { get; } = new(Enum.GetValues<Form>().Where(form => FormCarriers.Fit(form, Carrier.Http)));

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task AnImageThatLacksItsLastByteIsRefused(Form form) => Expect.Failed(await Fetch(form, ServerFault.ShortByOne), "byte");

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task AnImageWithOneBitFlippedIsRefused(Form form) => Expect.Failed(await Fetch(form, ServerFault.FlippedBit), "sha256");

    [Fact]
    public async Task AnImageThatIsNotThereIsSaidSo() => Expect.Failed(await Fetch(Form.Squashfs, ServerFault.NotFound), "404");

    [Fact]
    public async Task AConnectionThatIsCutFiveTimesIsResumed() =>
        Expect.Ended(BootEnding.Reached, await Fetch(Form.Squashfs, ServerFault.CutConnections, cuts: 5));

    [Fact]
    public async Task AServerThatStallsIsGivenUp() => Expect.Failed(await Fetch(Form.Squashfs, ServerFault.Stalls), "10.0.2.2");

    [Fact]
    public async Task WithoutAnAnswerToDhcpTheScreenSaysSo() =>
        Expect.Failed(
            await lab.BootAsync(
                new Scenario
                {
                    Carrier = Carrier.Http,
                    Network = MachineNetwork.Silent,
                    Plan = Quick,
                }
            ),
            "DHCP"
        );

    [Fact]
    public async Task AServerThatCannotBeReachedIsSaidSo() =>
        Expect.Failed(
            await lab.BootAsync(
                new Scenario
                {
                    Carrier = Carrier.Http,
                    Network = MachineNetwork.Blocked,
                    Plan = Quick,
                }
            ),
            "10.0.2.2"
        );

    private static BootPlan Quick =>
        new()
        {
            Form = Form.Squashfs,
            Timeout = TimeSpan.FromSeconds(5),
            Countdown = TimeSpan.FromSeconds(1),
        };

    private async Task<BootReport> Fetch(Form form, ServerFault fault, int cuts = 0)
    {
        await using FaultyServer server = new(await lab.ArtefactAsync(form), fault, cuts);
        BootReport report = await lab.BootAsync(
            new Scenario
            {
                Form = form,
                Carrier = Carrier.Http,
                Plan = Quick with { Url = server.Url },
                Until = fault == ServerFault.CutConnections ? Marks.RootMounted : Marks.Ready,
            }
        );
        Assert.True(server.Requests > cuts, $"{server.Requests} requests");
        return report;
    }
}
