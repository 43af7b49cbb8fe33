using System.Collections.Concurrent;
using Rootcast.Contract;
using Rootcast.Images;
using Rootcast.Images.Initramfs;
using Rootcast.Images.Progress;
using Rootcast.Images.Recipes;
using Rootcast.Images.Store;
using Rootcast.Images.Tools;
using Rootcast.Lab.Boots;
using Rootcast.Lab.Machines;
using Rootcast.Lab.Running;
using Rootcast.Server.Http;

[assembly: AssemblyFixture(typeof(Rootcast.Vm.Tests.GuestLab))]
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Rootcast.Vm.Tests;

/// <summary>What all tests share: a store below artifacts/vm, images that are built once, and boots that are reported once.</summary>
public sealed class GuestLab
{
    /// <summary>For one boot. A Debian takes about 14 s under TCG with two processors to itself.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(150);

    private readonly ConcurrentDictionary<string, StoredImage> images = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, BootReport> ready = new(StringComparer.Ordinal);
    private AcceleratorChoice? accelerator;
    private QemuProgram? qemu;

    /// <summary>The store; opened by the first test that needs it.</summary>
    public ImageStore Store => field ??= ImageStore.Open(Path.Combine(Checkout.State, "store"));

    /// <summary>The image of a recipe, built once.</summary>
    public async Task<StoredImage> ImageAsync(string recipe)
    {
        string? init = Checkout.Init;
        Assert.SkipUnless(init is not null, "/init is not published: run build/publish init");
        Assert.SkipUnless(Tool.Find(QemuProgram.Name) is not null, $"{QemuProgram.Name} is not installed");
        if (!images.TryGetValue(recipe, out StoredImage? image))
        {
            Recipe parsed = Recipe.Parse(System.Text.Encoding.UTF8.GetBytes(recipe), "a VM test's recipe");
            ImageBuilder builder = new(Store, InitProgram.FromFile(init!), new SilentProgress());
            image = images[recipe] = await builder.BuildAsync(parsed, TestContext.Current.CancellationToken);
        }
        return image;
    }

    /// <summary>The Debian of <see cref="Recipes.Debian"/> in a form by a carrier, booted until it is ready; each pair once a run.</summary>
    public async Task<BootReport> ReadyAsync(Form form, Carrier carrier)
    {
        string key = $"{form} {carrier}";
        if (!ready.TryGetValue(key, out BootReport? report))
        {
            report = ready[key] = await BootAsync(new Scenario { Form = form, Carrier = carrier });
        }
        Expect.Ready(report);
        return report;
    }

    /// <summary>Boots a scenario.</summary>
    public async Task<BootReport> BootAsync(Scenario scenario)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        StoredImage image = await ImageAsync(scenario.Recipe);
        qemu ??= await QemuProgram.RequireAsync(cancellation);
        accelerator ??= await new AcceleratorProbe(qemu, Path.Combine(Checkout.State, "accelerator")).ChooseAsync(
            Store.PathOf(image.Manifest.Kernels[0].Blob),
            cancellation
        );
        BootPlan plan = scenario.Plan with { Form = scenario.Form, Carrier = scenario.Carrier };
        await using ArtefactServer? server = plan.Carrier == Carrier.Http && plan.Url is null ? await ServeAsync(cancellation) : null;
        string? kernel = scenario.GenericKernel
            ? image.Manifest.Kernels.First(kernel => !kernel.Version.Contains("cloud", StringComparison.Ordinal)).Version
            : null;
        ImageBoot boot = new()
        {
            Store = Store,
            Image = image.Manifest,
            Plan = server is null ? plan : plan with { Url = server.UrlOf(ArtefactOf(image, plan.Form).Blob.Digest, Machine.HostAddress) },
            KernelVersion = kernel,
            PlanPlace = scenario.PlanPlace,
            Arguments = KernelArguments.Parse(scenario.Arguments),
            Bus = scenario.Bus,
            DiskContent = scenario.DiskContent,
            Hardware = new Machine
            {
                Kernel = "",
                MemoryBytes = scenario.MemoryBytes,
                Networks = [scenario.Network],
                Disks = scenario.Disks,
                Accelerator = accelerator.Accelerator,
            },
        };
        string log = Path.Combine(Checkout.State, "console", $"{Names.Of(plan.Form)}-{Names.Of(plan.Carrier)}-{Guid.NewGuid():N}.log");
        BootReport report = await boot.RunAsync(new BootRun(qemu, new BootWatch(scenario.Until, Deadline)), log, cancellation);
        TestContext.Current.SendDiagnosticMessage(Expect.Describe(report));
        return report;
    }

    /// <summary>The artefact of a form in the store.</summary>
    public async Task<string> ArtefactAsync(Form form, string recipe = Recipes.Debian) =>
        Store.PathOf(ArtefactOf(await ImageAsync(recipe), form).Blob);

    private static ImageArtefact ArtefactOf(StoredImage image, Form form) =>
        image.Manifest.Artefacts.First(artefact => artefact.Form == form);

    private Task<ArtefactServer> ServeAsync(CancellationToken cancellation) =>
        ArtefactServer.StartAsync(
            new ArtefactServerOptions { FindBlob = ArtefactServerOptions.BlobFolder(Path.Combine(Store.Directory, "blobs", "sha256")) },
            cancellation
        );
}
