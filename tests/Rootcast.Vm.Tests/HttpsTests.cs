using System.Net;
using System.Text;
using Rootcast.Contract;
using Rootcast.Images.Boot;
using Rootcast.Images.Initrds;
using Rootcast.Lab.Boots;
using Rootcast.Lab.Machines;
using Rootcast.Lab.Running;
using Rootcast.Server.Http;
using Rootcast.Server.Tls;

namespace Rootcast.Vm.Tests;

/// <summary>Artefacts by HTTPS, and somebody on the way who has other ideas of what is to be booted.</summary>
public sealed class HttpsTests(GuestLab lab) : IDisposable
{
    /// <summary>Without it a kernel under TCG panics now and then on a busy host: its timer comes too late.</summary>
    private const string Calm = "no_timer_check";

    private readonly LabDirectory folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task AServerOfThePackedAuthorityIsFetchedFrom()
    {
        using OwnCertificate own = Authority("own");
        Expect.Ended(BootEnding.Reached, await FetchAsync(shown: own, packed: own, Marks.RootMounted));
    }

    [Fact]
    [Trait("tier", "full")]
    public async Task AManInTheMiddleWithACertificateOfHisOwnIsRefused()
    {
        using OwnCertificate own = Authority("own");
        using OwnCertificate his = Authority("his");
        Expect.Failed(await FetchAsync(shown: his, packed: own, Marks.Ready), "not trusted", "authorit");
    }

    /// <summary>By plain HTTP anybody on the way can send another image of the same length; that it is a good one does not help him.</summary>
    [Fact]
    [Trait("tier", "full")]
    public async Task AnotherImageOnTheWireIsRefusedWhereTheDigestIsPinned()
    {
        string artefact = await lab.ArtefactAsync(Form.Squashfs, Recipes.Busybox());
        string other = folder.File("other");
        File.Copy(artefact, other);
        await using (FileStream image = File.OpenWrite(other))
        {
            // The time at which it was made (bytes 8 to 11 of the superblock): the image mounts and boots as before.
            image.Position = 8;
            await image.WriteAsync("HIS!"u8.ToArray(), TestContext.Current.CancellationToken);
        }
        string hex = Path.GetFileName(artefact);
        await using ArtefactServer server = await StartAsync(_ => other, null);
        BootReport report = await lab.BootAsync(
            new Scenario
            {
                Recipe = Recipes.Busybox(),
                Carrier = Carrier.Http,
                PlanPlace = PlanPlace.Segment,
                Arguments = Calm,
                Plan = Quick with { Url = server.UrlOf("sha256:" + hex, Machine.HostAddress) },
            }
        );
        Expect.Failed(report, "damaged", hex);
    }

    private static BootPlan Quick => new() { Form = Form.Squashfs, Countdown = TimeSpan.FromSeconds(1) };

    private OwnCertificate Authority(string name) => OwnCertificate.Open(folder.File(name), [Machine.HostAddress], TimeProvider.System);

    private async Task<BootReport> FetchAsync(OwnCertificate shown, OwnCertificate packed, string until)
    {
        string artefact = await lab.ArtefactAsync(Form.Squashfs, Recipes.Busybox());
        await using ArtefactServer server = await StartAsync(hex => hex == Path.GetFileName(artefact) ? artefact : null, shown);
        Dictionary<string, byte[]> files = new(StringComparer.Ordinal)
        {
            [InitramfsPaths.Authority] = Encoding.ASCII.GetBytes(packed.Authority),
        };
        string url = $"https://{Machine.HostAddress}:{server.SecureEndPoint!.Port}{BlobPath.Of("sha256:" + Path.GetFileName(artefact))}";
        return await lab.BootAsync(
            new Scenario
            {
                Recipe = Recipes.Busybox(),
                Carrier = Carrier.Http,
                Plan = Quick with { Url = url },
                Segments = [FilesSegment.Of(files)],
                Arguments = Calm,
                Until = until,
            }
        );
    }

    private static Task<ArtefactServer> StartAsync(Func<string, string?> find, OwnCertificate? shown) =>
        ArtefactServer.StartAsync(
            new ArtefactServerOptions
            {
                FindBlob = find,
                Https = shown is null ? null : new IPEndPoint(IPAddress.Loopback, 0),
                Certificate = shown,
            },
            TestContext.Current.CancellationToken
        );
}
