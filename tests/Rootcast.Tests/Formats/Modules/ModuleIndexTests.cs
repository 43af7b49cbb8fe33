using Rootcast.Formats.Modules;

namespace Rootcast.Tests;

public class ModuleIndexTests
{
    private static readonly ModuleIndexText Text = new()
    {
        Dependencies = """
            kernel/net/core/failover.ko.xz:
            kernel/drivers/net/net_failover.ko.xz: kernel/net/core/failover.ko.xz
            kernel/drivers/net/virtio_net.ko.xz: kernel/drivers/net/net_failover.ko.xz kernel/net/core/failover.ko.xz
            kernel/lib/libcrc32c.ko.xz:
            kernel/crypto/crc32c-generic.ko.xz:
            kernel/fs/btrfs/btrfs.ko.xz: kernel/lib/libcrc32c.ko.xz
            kernel/drivers/a.ko.xz:
            kernel/drivers/b.ko.xz:
            kernel/drivers/snd-usb.ko.xz:
            """,
        Aliases = """
            # Aliases extracted from modules themselves.
            alias virtio:d00000001v* virtio_net
            alias fs-btrfs btrfs
            alias pci:v00001AF4d*sv*sd*bc*sc*i* virtio-pci
            alias crypto-crc32c crc32c-generic
            alias usb:v1235p0010d*dc*dsc*dp*ic01isc01ip*in* snd_usb
            """,
        SoftDependencies = """
            softdep btrfs pre: crypto-crc32c
            softdep a pre: b
            softdep b pre: a post: virtio-net
            softdep virtio_net pre: missing
            softdep failover a b
            """,
        WeakDependencies = "weakdep snd-usb a b\n",
        DeviceNames = "# Device nodes\nbtrfs btrfs-control c10:234\nsnd-usb snd/x b7:1\nrubbish\n",
        Builtin = "kernel/drivers/virtio/virtio_pci.ko\nkernel/fs/ext4/ext4.ko\n",
        BuiltinInfo = "virtio_pci.license=GPL\0ext4.alias=fs-ext4\0virtio_blk.alias=virtio:d00000002v*\0",
    };

    private readonly ModuleIndex _index = ModuleIndex.Read(Text);

    [Fact]
    public void HyphensAndUnderscoresNameTheSameModule()
    {
        Assert.Equal("kernel/drivers/snd-usb.ko.xz", _index.Find("snd_usb")!.Path);
        Assert.Same(_index.Find("snd_usb"), _index.Find("snd-usb"));
    }

    [Fact]
    public void AModaliasFindsItsModule() =>
        Assert.Equal("virtio_net", Assert.Single(_index.Resolve("virtio:d00000001v00001AF4").Modules).Name);

    [Theory]
    [InlineData("ext4")]
    [InlineData("virtio-pci")]
    [InlineData("fs-ext4")]
    [InlineData("pci:v00001AF4d00001000sv00001AF4sd00000001bc02sc00i00")]
    [InlineData("virtio:d00000002v00001AF4")]
    public void WhatIsBuiltinIsNotMissing(string name)
    {
        ModuleResolution resolution = _index.Resolve(name);
        Assert.True(resolution.IsBuiltin);
        Assert.Empty(resolution.Modules);
    }

    [Theory]
    [InlineData("virtio_blk2")]
    [InlineData("pci:v00008086d00001000sv00001AF4sd00000001bc02sc00i00")]
    [InlineData("")]
    public void OtherNamesAreUnknown(string name) => Assert.True(_index.Resolve(name).IsUnknown);

    [Theory]
    [InlineData("virtio_net", "failover net_failover virtio_net")]
    [InlineData("btrfs", "crc32c_generic libcrc32c btrfs")]
    [InlineData("a", "failover net_failover virtio_net b a")]
    public void DependenciesAreLoadedFirst(string name, string expected)
    {
        string[] order = [.. _index.LoadOrder(_index.Find(name)!).Select(module => module.Name)];
        Assert.Equal(expected.Split(' ').Order(), order.Order());
        foreach (KernelModule module in _index.LoadOrder(_index.Find(name)!))
        {
            int at = Array.IndexOf(order, module.Name);
            Assert.All(module.Dependencies, dependency => Assert.InRange(Array.IndexOf(order, dependency), 0, at));
        }
    }

    /// <summary>rapido's kmod_context.rs: what is builtin or not there is asked for by nobody, what is named twice comes once.</summary>
    [Fact]
    public void BuiltinsAreLeftOutAndDuplicatesComeOnce()
    {
        ModuleIndex index = ModuleIndex.Read(
            new ModuleIndexText
            {
                Dependencies = "kernel/top.ko: kernel/mid.ko kernel/low.ko kernel/low.ko\nkernel/mid.ko: kernel/low.ko\nkernel/low.ko:\n",
                SoftDependencies = "softdep top pre: in_kernel low nowhere post: mid\nsoftdep top pre: low\n",
                WeakDependencies = "weakdep top in_kernel low\nweakdep top nowhere mid\n",
                Builtin = "kernel/in-kernel.ko\n",
            }
        );
        KernelModule top = index.Find("top")!;
        Assert.Equal(["low", "mid", "top"], index.LoadOrder(top).Select(module => module.Name));
        Assert.Equal(["low", "mid"], index.Wanted(top).Select(wanted => wanted.Module.Name).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(["low", "mid"], index.Wanted(top).Where(wanted => wanted.Why == "weakdep").Select(wanted => wanted.Module.Name));
        Assert.True(index.Resolve("in_kernel").IsBuiltin);
        Assert.True(index.Resolve("in-kernel").IsBuiltin);
        Assert.True(index.Resolve("nowhere").IsUnknown);
    }

    /// <summary>rapido: hyphens and underscores are the same in aliases and in the names of their modules.</summary>
    [Theory]
    [InlineData("fs-btrfs", "btrfs")]
    [InlineData("fs_btrfs", "btrfs")]
    [InlineData("crypto-crc32c", "crc32c_generic")]
    [InlineData("crypto_crc32c", "crc32c_generic")]
    [InlineData("usb:v1235p0010d0100dc00dsc00dp00ic01isc01ip00in00", "snd_usb")]
    public void AliasesAreNormalised(string name, string expected) =>
        Assert.Equal(expected, Assert.Single(_index.Resolve(name).Modules).Name);

    [Fact]
    public void WeakDependenciesAreWantedButNotLoaded()
    {
        KernelModule sound = _index.Find("snd_usb")!;
        Assert.Equal(["a", "b"], _index.Wanted(sound).Select(wanted => wanted.Module.Name));
        Assert.Equal([sound], _index.LoadOrder(sound));
    }

    [Fact]
    public void ASoftDependencyThatDoesNotSayWhenIsWeak()
    {
        Assert.Equal(["a", "b"], _index.Wanted(_index.Find("failover")!).Select(wanted => wanted.Module.Name));
        Assert.Single(_index.LoadOrder(_index.Find("failover")!));
    }

    [Fact]
    public void DeviceNodesAreReadAndKeptWithTheirModule()
    {
        Assert.Equal(
            [new ModuleDevice("btrfs", "btrfs-control", false, 10, 234), new ModuleDevice("snd_usb", "snd/x", true, 7, 1)],
            _index.Devices
        );
        ModuleIndex cut = ModuleIndex.Read(_index.Cut(_index.LoadOrder(_index.Find("btrfs")!)));
        Assert.Equal("btrfs-control", Assert.Single(cut.Devices).Path);
    }

    [Fact]
    public void AliasesAreFoundWhateverTheirLiteralBeginning()
    {
        // Beginnings of all lengths, several in one bucket, and one that begins with a wildcard.
        ModuleAliases aliases = new();
        string text = "pci:v00008086d00001533sv00001458sd0000E000bc02sc00i00";
        List<string> expected = [];
        for (int length = text.Length; length >= 0; length--)
        {
            aliases.Add(text[..length] + "*", $"m{length}");
            aliases.Add(text[..length] + "X*", "other");
            expected.Add($"m{length}");
        }
        aliases.Add("pci:v0000808[5-7]d*", "range");
        aliases.Add(text, "exact");
        Assert.Equal([.. expected, "range", "exact"], aliases.Match(text));
        Assert.Equal(["m0"], aliases.Match(""));
        Assert.Equal(["m1", "m0"], aliases.Match("p"));
    }

    [Fact]
    public void AnAliasMayHaveBlanks()
    {
        ModuleIndex index = ModuleIndex.Read(Text with { Aliases = "alias dmi:bvn*:pnSome Machine:* a\nalias\nalias x\n" });
        Assert.Equal("a", Assert.Single(index.Resolve("dmi:bvnX:pnSome Machine:r1").Modules).Name);
    }

    [Fact]
    public void ACutIndexSaysTheSameOfWhatItKeeps()
    {
        ModuleIndex cut = ModuleIndex.Read(_index.Cut(_index.LoadOrder(_index.Find("btrfs")!)));
        Assert.Equal(["btrfs", "crc32c_generic", "libcrc32c"], cut.Modules.Select(module => module.Name).Order());
        Assert.Equal("btrfs", Assert.Single(cut.Resolve("fs-btrfs").Modules).Name);
        Assert.Equal(3, cut.LoadOrder(cut.Find("btrfs")!).Count);
        Assert.True(cut.IsBuiltin("ext4"));
        Assert.True(cut.Resolve("virtio:d00000002v00001AF4").IsBuiltin);
        Assert.True(cut.Resolve("virtio:d00000001v00001AF4").IsUnknown);
    }

    [Fact]
    public void ALineWithoutAColonIsRefused()
    {
        InvalidDataException e = Assert.Throws<InvalidDataException>(() =>
            ModuleIndex.Read(new ModuleIndexText { Dependencies = "a.ko:\nrubbish\n" })
        );
        Assert.Contains("line 2", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnyTextIsReadOrRefused() =>
        Fuzzing.Mutate(
            20_000,
            System.Text.Encoding.UTF8.GetBytes(Text.Dependencies + "\n" + Text.Aliases + Text.SoftDependencies),
            bytes =>
            {
                string text = System.Text.Encoding.UTF8.GetString(bytes);
                ModuleIndex index = ModuleIndex.Read(
                    new ModuleIndexText
                    {
                        Dependencies = text,
                        Aliases = text,
                        SoftDependencies = text,
                        Builtin = text,
                        BuiltinInfo = text,
                    }
                );
                foreach (KernelModule module in index.Modules)
                {
                    index.LoadOrder(module);
                }
            }
        );
}
