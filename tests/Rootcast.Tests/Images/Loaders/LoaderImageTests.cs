using Rootcast.Contract;
using Rootcast.Images.Boot;
using Rootcast.Images.Loaders;
using Rootcast.Images.Progress;
using Rootcast.Images.Store;

namespace Rootcast.Tests;

/// <summary>ISOs and UKIs of a sample image; xorriso, sfdisk, objcopy and sbverify judge.</summary>
public sealed class LoaderImageTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly ImageStore store;
    private readonly ImageManifest image;

    public LoaderImageTests()
    {
        store = ImageStore.Open(directory.File("store"));
        image = StoreSample.Put(store, "web/one");
    }

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task AnIsoHasWhatItsMenuNamesAndIsTheSameEachTime()
    {
        NeedsGrub();
        string iso = directory.File("a.iso");
        IsoRequest request = new() { Image = image, Boots = [Boot(Form.Squashfs, Carrier.Disk), Boot(Form.Tmpfs, Carrier.Initrd)] };
        await Write(request, iso);
        string label = IsoLabel.Of(image, request.Boots);
        Assert.StartsWith("WEB_ONE_", label, StringComparison.Ordinal);
        Assert.True(IsoLabel.IsValid(label), label);
        Assert.Contains($"Volume Id    : {label}\n", Judge.Run("xorriso", ["-indev", iso, "-pvd_info"]), StringComparison.Ordinal);
        string found = Judge.Run("xorriso", ["-indev", iso, "-find", "/", "-type", "f"]);
        string digest = image.Artefacts[1].Blob.Digest["sha256:".Length..];
        foreach (
            string file in (string[])
                ["boot/vmlinuz-6.1.0-1-test", "boot/initrd.img", "boot/initrd-tmpfs.img", $"rootcast/{digest}", "boot/grub/grub.cfg"]
        )
        {
            Assert.Contains($"'/{file}'", found, StringComparison.Ordinal);
        }
        string config = directory.File("grub.cfg");
        Judge.Run("xorriso", ["-osirrox", "on", "-indev", iso, "-extract", "/boot/grub/grub.cfg", config]);
        Assert.Contains($"'rootcast.artefact={image.Artefacts[1].Identity}'", File.ReadAllText(config), StringComparison.Ordinal);

        string again = directory.File("b.iso");
        await Write(request, again);
        Assert.Equal(File.ReadAllBytes(iso), File.ReadAllBytes(again));
        Assert.Equal(
            ["a.iso", "b.iso", "grub.cfg", "store"],
            Directory.GetFileSystemEntries(directory.Path).Select(Path.GetFileName).Order()
        );
    }

    [Fact]
    public async Task WhatAnIsoCannotHoldIsRefused()
    {
        NeedsGrub();
        string iso = directory.File("a.iso");
        UserError disk = await Assert.ThrowsAsync<UserError>(() =>
            Write(new IsoRequest { Image = image, Boots = [Boot(Form.Disk, Carrier.Disk)] }, iso)
        );
        Assert.Contains("rootcast write", disk.Hint, StringComparison.Ordinal);
        IsoRequest odd = new()
        {
            Image = image,
            Boots = [Boot(Form.Tmpfs, Carrier.Disk)],
            Label = "my label",
        };
        Assert.Contains("'my label'", (await Assert.ThrowsAsync<UserError>(() => Write(odd, iso))).Message, StringComparison.Ordinal);
        UserError place = await Assert.ThrowsAsync<UserError>(() => Write(odd with { Label = null }, directory.File("no/a.iso")));
        Assert.Contains("there is no directory", place.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(iso));
    }

    [Fact]
    public async Task AUkiHasItsPartsAndIsTheSameEachTime()
    {
        NeedsStub();
        Judge.Needs("objcopy");
        string uki = directory.File("a.efi");
        await Write(new UkiRequest { Image = image, Boot = Boot(Form.Squashfs, Carrier.Http) }, uki);
        Assert.Equal("kernel", Section(uki, ".linux"));
        Assert.Equal("initramfs", Section(uki, ".initrd"));
        Assert.Equal("6.1.0-1-test", Section(uki, ".uname"));
        Assert.StartsWith("rootcast.form=squashfs rootcast.carrier=http ", Section(uki, ".cmdline"), StringComparison.Ordinal);
        Assert.Contains("PRETTY_NAME=\"web/one (squashfs, http)\"", Section(uki, ".osrel"), StringComparison.Ordinal);

        string again = directory.File("b.efi");
        await Write(new UkiRequest { Image = image, Boot = Boot(Form.Squashfs, Carrier.Http) }, again);
        Assert.Equal(File.ReadAllBytes(uki), File.ReadAllBytes(again));
    }

    [Fact]
    public async Task ASignedUkiIsVerifiedByItsCertificate()
    {
        NeedsStub();
        Judge.Needs("sbsign");
        Judge.Needs("sbverify");
        Judge.Needs("openssl");
        string key = directory.File("key.pem");
        string certificate = directory.File("cert.pem");
        string[] make = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=test", "-keyout", key, "-out", certificate];
        Judge.Run("openssl", make);
        string uki = directory.File("a.efi");
        UkiRequest request = new()
        {
            Image = image,
            Boot = Boot(Form.Tmpfs, Carrier.Initrd),
            KeyPath = key,
            CertificatePath = certificate,
        };
        await Write(request, uki);
        Assert.Contains("Signature verification OK", Judge.Run("sbverify", ["--cert", certificate, uki]), StringComparison.Ordinal);
    }

    private static BootRequest Boot(Form form, Carrier carrier) =>
        new()
        {
            Plan = new BootPlan { Form = form, Carrier = carrier },
        };

    private static void NeedsGrub()
    {
        foreach (string tool in IsoImage.Tools)
        {
            Judge.Needs(tool);
        }
        string? absent = IsoImage.Files.FirstOrDefault(file => !File.Exists(file));
        Assert.SkipUnless(absent is null, $"{absent} is not installed");
    }

    private static void NeedsStub() => Assert.SkipUnless(File.Exists(UkiImage.StubPath), $"{UkiImage.StubPath} is not installed");

    private string Section(string uki, string name)
    {
        string file = directory.File("section");
        Judge.Run("objcopy", ["-O", "binary", $"--only-section={name}", uki, file]);
        return File.ReadAllText(file).TrimEnd('\0');
    }

    private async Task Write(IsoRequest request, string path)
    {
        using IProgressStage stage = new SilentProgress().Begin("");
        await IsoImage.WriteAsync(store, request, path, stage, TestContext.Current.CancellationToken);
    }

    private async Task Write(UkiRequest request, string path)
    {
        using IProgressStage stage = new SilentProgress().Begin("");
        await UkiImage.WriteAsync(store, request, path, stage, TestContext.Current.CancellationToken);
    }
}
