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
        BootPlan plan = scenario.Plan with { Form = scenario.Form, Carrier = scenario.Carrier };
        bool asked = scenario.Arguments.Contains(Scenario.Url, StringComparison.Ordinal);
        await using ArtefactServer? server =
            (plan.Carrier == Carrier.Http && plan.Url is null) || asked ? await ServeAsync(cancellation) : null;
        string? url = server?.UrlOf(ArtefactOf(image, plan.Form).Blob.Digest, Machine.HostAddress);
        string? kernel = scenario.GenericKernel ? GenericKernelOf(image) : null;
        ImageBoot boot = new()
        {
            Store = Store,
            Image = image.Manifest,
            Plan = url is null || asked ? plan : plan with { Url = url },
            KernelVersion = kernel,
            PlanPlace = scenario.PlanPlace,
            Segments = scenario.Segments,
            Arguments = KernelArguments.Parse(scenario.Arguments.Replace(Scenario.Url, url, StringComparison.Ordinal)),
            Bus = scenario.Bus,
            DiskContent = scenario.DiskContent,
            Hardware = new Machine
            {
                MemoryBytes = scenario.MemoryBytes,
                MemoryNodes = scenario.MemoryNodes,
                Id = scenario.MachineId,
                Networks = [scenario.Network],
                Disks = scenario.Disks,
                Accelerator = await AcceleratorAsync(image, cancellation),
            },
        };
        string log = Path.Combine(Checkout.State, "console", $"{Names.Of(plan.Form)}-{Names.Of(plan.Carrier)}-{Guid.NewGuid():N}.log");
        BootRun run = new(qemu, new BootWatch(scenario.Until, scenario.Deadline, scenario.Console, scenario.Answer));
        BootReport report = await EmulatorFault.RetryAsync(() => boot.RunAsync(run, log, cancellation));
        TestContext.Current.SendDiagnosticMessage(Expect.Describe(report));
        return report;
    }

    /// <summary>Boots a machine that needs nothing of a store.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="name">Of its console log.</param>
    /// <param name="until">The mark to wait for; null for the machine's end.</param>
    /// <param name="console">A text on the console that is as good as the mark.</param>
    /// <param name="answer">A question on the console, and what is typed then.</param>
    public async Task<BootReport> BootAsync(
        Machine machine,
        string name,
        string? until,
        string? console = null,
        (string Question, string Line)? answer = null
    )
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        qemu ??= await QemuProgram.RequireAsync(cancellation);
        // The probe needs a kernel, whichever it is; once is enough.
        machine = machine with
        {
            Accelerator = accelerator?.Accelerator ?? await AcceleratorAsync(await ImageAsync(Recipes.Debian), cancellation),
        };
        using LabDirectory directory = new();
        string log = Path.Combine(Checkout.State, "console", $"{name}-{Guid.NewGuid():N}.log");
        BootRun run = new(qemu, new BootWatch(until, Deadline, console, answer));
        BootReport report = await EmulatorFault.RetryAsync(() =>
            run.BootAsync(machine, directory.MachineFiles(log, typing: answer is not null), cancellation)
        );
        TestContext.Current.SendDiagnosticMessage(Expect.Describe(report));
        return report;
    }

    /// <summary>The version of Debian's generic kernel in an image that has it too.</summary>
    public static string GenericKernelOf(StoredImage image) =>
        image.Manifest.Kernels.First(kernel => !kernel.Version.Contains("cloud", StringComparison.Ordinal)).Version;

    /// <summary>Boots the squashfs of <see cref="Recipes.ForPeers"/> under the initramfs <c>/boot/peer.img</c> of another tree.</summary>
    /// <param name="recipe">That tree.</param>
    /// <param name="arguments">The line; <see cref="Scenario.Url"/> in it is where the lab serves the squashfs.</param>
    /// <param name="disks">What is attached.</param>
    public async Task<BootReport> BootUnderAsync(string recipe, string arguments, IReadOnlyList<MachineDisk> disks)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        StoredImage root = await ImageAsync(Recipes.ForPeers);
        StoredImage peer = await ImageAsync(recipe);
        qemu ??= await QemuProgram.RequireAsync(cancellation);
        using LabDirectory directory = new();
        string tree = await ArtefactAsync(Form.Tmpfs, recipe);
        await new Tool("tar", "--zstd", "-xf", tree, "-C", directory.Path, "boot/peer.img").RunAsync(cancellation);
        await using ArtefactServer server = await ServeAsync(cancellation);
        string url = server.UrlOf(ArtefactOf(root, Form.Squashfs).Blob.Digest, Machine.HostAddress);
        Machine machine = new()
        {
            Kernel = Store.PathOf(peer.Manifest.Kernels[0].Blob),
            Initrd = directory.File("boot/peer.img"),
            CommandLine = "panic=-1 " + arguments.Replace(Scenario.Url, url, StringComparison.Ordinal),
            Networks = [MachineNetwork.User],
            Disks = disks,
            Accelerator = Accelerator.Tcg,
        };
        string log = Path.Combine(Checkout.State, "console", $"{peer.Manifest.Name}.log");
        BootRun run = new(qemu, new BootWatch(Marks.Ready, Deadline * 2));
        return await EmulatorFault.RetryAsync(() => run.BootAsync(machine, directory.MachineFiles(log), cancellation));
    }

    /// <summary>The artefact of a form in the store.</summary>
    public async Task<string> ArtefactAsync(Form form, string recipe = Recipes.Debian) =>
        Store.PathOf((await FormAsync(form, recipe)).Blob);

    /// <summary>What an image says of it.</summary>
    public async Task<ImageArtefact> FormAsync(Form form, string recipe) => ArtefactOf(await ImageAsync(recipe), form);

    private static ImageArtefact ArtefactOf(StoredImage image, Form form) =>
        image.Manifest.Artefacts.First(artefact => artefact.Form == form);

    private async Task<Accelerator> AcceleratorAsync(StoredImage image, CancellationToken cancellation)
    {
        accelerator ??= await new AcceleratorProbe(qemu!, Path.Combine(Checkout.State, "accelerator")).ChooseAsync(
            Store.PathOf(image.Manifest.Kernels[0].Blob),
            cancellation
        );
        return accelerator.Accelerator;
    }

    private Task<ArtefactServer> ServeAsync(CancellationToken cancellation) =>
        ArtefactServer.StartAsync(
            new ArtefactServerOptions { FindBlob = ArtefactServerOptions.BlobFolder(Path.Combine(Store.Directory, "blobs", "sha256")) },
            cancellation
        );
}
