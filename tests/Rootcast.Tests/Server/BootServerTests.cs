using System.Net;
using System.Net.Http.Headers;
using Rootcast.Contract;
using Rootcast.Images.Initrds;
using Rootcast.Images.Store;
using Rootcast.Server;
using Rootcast.Server.Site;

namespace Rootcast.Tests;

/// <summary>A store behind <c>rootcast serve</c>'s server on a loopback port.</summary>
public sealed class BootServerTests : IAsyncLifetime
{
    private readonly TemporaryDirectory folder = new();
    private readonly HttpClient client = new();
    private readonly List<string> said = [];
    private ImageStore store = null!;
    private BootServer server = null!;
    private StoredImage image = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        store = ImageStore.Open(folder.File("store"));
        image = store.Publish(StoreSample.Put(store));
        server = await BootServer.StartAsync(
            new BootServerOptions
            {
                Store = store,
                Site = new BootSiteOptions { Arguments = KernelArguments.Parse("console=ttyS0") },
                Http = new IPEndPoint(IPAddress.Loopback, 0),
                Log = new ServerLog(line => said.Add(line.ToString())),
            },
            Cancellation
        );
        client.BaseAddress = new Uri($"http://{server.Http}");
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        client.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task TheScriptBootsTheImagesPreferredForm()
    {
        string script = await client.GetStringAsync("/boot.ipxe?mac=52:54:00:AB:cd:ef", Cancellation);
        ImageArtefact squashfs = image.Manifest.ArtefactOf(Form.Squashfs);
        string kernel = Line(script, "kernel ");
        Assert.StartsWith("#!ipxe\n", script, StringComparison.Ordinal);
        Assert.Contains($"http://{server.Http}/blobs/sha256/{Hex(image.Manifest.Kernels[0].Blob)} ", kernel, StringComparison.Ordinal);
        Assert.Contains(
            $"http://{server.Http}/blobs/sha256/{Hex(image.Manifest.Initramfs)} ",
            Line(script, "initrd "),
            StringComparison.Ordinal
        );
        KernelArguments line = KernelArguments.Parse(kernel.Split(" || ")[0]);
        BootPlan plan = BootPlan.Parse(line, out IReadOnlyList<string> problems)!;
        Assert.Empty(problems);
        Assert.Equal(Form.Squashfs, plan.Form);
        Assert.Equal(Carrier.Http, plan.Carrier);
        Assert.Equal(squashfs.Identity, plan.Artefact);
        Assert.Equal($"http://{server.Http}/blobs/sha256/{Hex(squashfs.Blob)}", plan.Url);
        Assert.Equal("01-52-54-00-ab-cd-ef", line.Last("BOOTIF"));
        Assert.Equal("ttyS0", line.Last("console"));
        Assert.Equal("initrd.img", line.Last("initrd"));
    }

    /// <summary>UEFI's HTTP Boot names the address alone; behind a proxy, whose name or address is another, nothing is added.</summary>
    [Theory]
    [InlineData("127.0.0.1", null)]
    [InlineData("boot.example", "boot.example")]
    [InlineData("10.77.0.1", "10.77.0.1")]
    [InlineData("127.0.0.1:99", "127.0.0.1:99")]
    public async Task AHostWithoutAPortIsThisOneOnlyByItsOwnAddress(string host, string? named)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/boot.ipxe");
        Assert.True(request.Headers.TryAddWithoutValidation("Host", host));
        using HttpResponseMessage response = await client.SendAsync(request, Cancellation);
        string kernel = Line(await response.Content.ReadAsStringAsync(Cancellation), "kernel ");
        Assert.Contains($" http://{named ?? server.Http.ToString()}/blobs/", kernel, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatTheScriptNamesIsThere()
    {
        string script = await client.GetStringAsync("/boot.ipxe?form=tmpfs&carrier=initrd", Cancellation);
        Assert.Equal("kernel"u8.ToArray(), await client.GetByteArrayAsync(Url(Line(script, "kernel ")), Cancellation));
        string expected = folder.File("initrd.img");
        ImageArtefact tmpfs = image.Manifest.ArtefactOf(Form.Tmpfs);
        InitrdAssembler.Assemble(
            [
                InitrdSegment.OfFile(SegmentKind.Base, store.PathOf(image.Manifest.Initramfs)),
                PlanSegment.Of(
                    new BootPlan
                    {
                        Form = Form.Tmpfs,
                        Carrier = Carrier.Initrd,
                        Artefact = tmpfs.Identity,
                    }
                ),
                PayloadSegment.Of(Form.Tmpfs, store.PathOf(tmpfs.Blob)),
            ],
            expected,
            cancellation: Cancellation
        );
        byte[] bytes = await File.ReadAllBytesAsync(expected, Cancellation);
        string url = Url(Line(script, "initrd "));
        using HttpResponseMessage whole = await client.GetAsync(url, Cancellation);
        Assert.Equal(bytes.Length, whole.Content.Headers.ContentLength);
        Assert.Equal(bytes, await whole.Content.ReadAsByteArrayAsync(Cancellation));
        // Every place where a part ends, and one byte around it.
        for (int first = 4000; first < bytes.Length; first += 97)
        {
            using HttpRequestMessage request = new(HttpMethod.Get, url);
            request.Headers.Range = new RangeHeaderValue(first, first + 199);
            request.Headers.IfRange = new RangeConditionHeaderValue(whole.Headers.ETag!);
            using HttpResponseMessage part = await client.SendAsync(request, Cancellation);
            Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
            Assert.Equal(bytes[first..Math.Min(first + 200, bytes.Length)], await part.Content.ReadAsByteArrayAsync(Cancellation));
        }
    }

    [Fact]
    public async Task TheArticlesScriptIsItsThreeLines()
    {
        string[] lines = (await client.GetStringAsync("/el6.ipxe", Cancellation)).Split('\n');
        Assert.Equal("#!ipxe", lines[0]);
        Assert.Matches($"^initrd http://{server.Http}/images/[0-9a-f]{{64}}/tmpfs/initrd.img$", lines[1]);
        Assert.EndsWith(" rootfstype=auto rw liveimg toram size=4096", lines[2], StringComparison.Ordinal);
        Assert.Equal("boot", lines[3]);
    }

    [Fact]
    public async Task AnImageIsServedAsSoonAsItIsPublished()
    {
        ImageManifest newer = StoreSample.Put(store, "newer", "two") with { Created = DateTimeOffset.UnixEpoch.AddYears(51) };
        string hex = Hex(newer.ArtefactOf(Form.Squashfs).Blob);
        using (HttpResponseMessage before = await client.GetAsync($"/blobs/sha256/{hex}", Cancellation))
        {
            Assert.Equal(HttpStatusCode.NotFound, before.StatusCode);
        }
        store.Publish(newer);
        Assert.Contains(hex, await client.GetStringAsync("/boot.ipxe", Cancellation), StringComparison.Ordinal);
        Assert.Equal("squashfs two", await client.GetStringAsync($"/blobs/sha256/{hex}", Cancellation));
        Assert.DoesNotContain(hex, await client.GetStringAsync("/boot.ipxe?image=try", Cancellation), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/boot.ipxe?image=nothing", HttpStatusCode.NotFound, "no image 'nothing'")]
    [InlineData("/boot.ipxe?form=wrong", HttpStatusCode.NotFound, "'wrong' is no form")]
    [InlineData("/boot.ipxe?form=erofs", HttpStatusCode.NotFound, "no form erofs")]
    [InlineData("/boot.ipxe?carrier=disk", HttpStatusCode.NotFound, "cannot come by carrier disk")]
    [InlineData("/boot.ipxe?mac=rm%20-rf", HttpStatusCode.NotFound, "no hardware address")]
    [InlineData("/images/0/tmpfs/initrd.img", HttpStatusCode.NotFound, "")]
    [InlineData("/index.json", HttpStatusCode.NotFound, "")]
    [InlineData("/..%2findex.json", HttpStatusCode.NotFound, "")]
    public async Task WhatIsNotThereIsSaid(string path, HttpStatusCode status, string text)
    {
        using HttpResponseMessage response = await client.GetAsync(path, Cancellation);
        Assert.Equal(status, response.StatusCode);
        Assert.Contains(text, await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OfTheStoreOnlyWhatAnImageHasForMachinesIsServed()
    {
        string stray = Hex(store.Put("not of any image"u8));
        foreach (string hex in (string[])[stray, Hex(image.Manifest.InitramfsReasons!), image.Digest["sha256:".Length..]])
        {
            using HttpResponseMessage response = await client.GetAsync($"/blobs/sha256/{hex}", Cancellation);
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        }
    }

    [Fact]
    public async Task AHostThatWouldMeanMoreInAScriptIsRefused()
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/boot.ipxe");
        Assert.True(request.Headers.TryAddWithoutValidation("Host", "x||shell"));
        using HttpResponseMessage response = await client.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task HealthAndCountersAreThereAndRefusalsAreSaidOnce()
    {
        Assert.StartsWith("ok, 1 images", await client.GetStringAsync("/healthz", Cancellation), StringComparison.Ordinal);
        await client.GetStringAsync("/boot.ipxe", Cancellation);
        for (int i = 0; i < 3; i++)
        {
            using HttpResponseMessage _ = await client.GetAsync("/nothing", Cancellation);
        }
        string metrics = await client.GetStringAsync("/metrics", Cancellation);
        Assert.Contains("rootcast_http_requests_total{status=\"200\"} 2\n", metrics, StringComparison.Ordinal);
        Assert.Contains("rootcast_http_requests_total{status=\"404\"} 3\n", metrics, StringComparison.Ordinal);
        await server.DisposeAsync();
        Assert.Single(said, line => line.Contains("/nothing", StringComparison.Ordinal));
        Assert.Single(said, line => line.StartsWith("http 127.0.0.1 GET /boot.ipxe: 200, ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task APortThatIsTakenIsToldToTheUser() =>
        await Assert.ThrowsAsync<UserError>(() =>
            BootServer.StartAsync(
                new BootServerOptions
                {
                    Store = store,
                    Http = server.Http,
                    Log = new ServerLog(_ => { }),
                },
                Cancellation
            )
        );

    private static string Line(string script, string start) =>
        script.Split('\n').Single(line => line.StartsWith(start, StringComparison.Ordinal));

    private static string Url(string line) => line.Split(' ').Single(word => word.StartsWith("http://", StringComparison.Ordinal));

    private static string Hex(ImageBlob blob) => blob.Digest["sha256:".Length..];
}
