using System.Diagnostics;
using Rootcast.Contract;
using Rootcast.Images.Initramfs;

namespace Rootcast.Tests;

public sealed class KernelHooksTests : IDisposable
{
    private readonly TemporaryDirectory _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void TheyAreThereFromInstallToRemove()
    {
        KernelHooks hooks = new(_root.Path);
        Assert.Empty(hooks.Installed);
        hooks.Install("/usr/bin/rootcast", ["--host"]);
        hooks.Install("/usr/bin/rootcast", ["--host"]);
        Assert.Equal(KernelHooks.Paths, hooks.Installed);
        Assert.Equal(KernelHooks.Paths, hooks.Remove());
        Assert.Empty(hooks.Installed);
        Assert.Empty(Directory.EnumerateFiles(_root.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void WhatSomebodyElseWroteStays()
    {
        _root.Write("etc/kernel/postinst.d/rootcast", "#!/bin/sh\necho mine\n");
        KernelHooks hooks = new(_root.Path);
        Assert.Throws<UserError>(() => hooks.Install("/usr/bin/rootcast", []));
        Assert.Empty(hooks.Remove());
        Assert.True(File.Exists(_root.File("etc/kernel/postinst.d/rootcast")));
        Assert.False(File.Exists(_root.File("etc/kernel/postrm.d/rootcast")));
    }

    [Fact]
    public void OthersThatMakeImagesAreNamed()
    {
        _root.Write("etc/kernel/postinst.d/initramfs-tools", "");
        Assert.Equal(["initramfs-tools"], new KernelHooks(_root.Path).Others);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("'configure' '6.1'", true)]
    [InlineData("'abort-upgrade' '6.1'", false)]
    public void AKernelThatIsConfiguredGetsItsInitramfs(string? maintainer, bool built)
    {
        string said = Run(
            "postinst.d/rootcast",
            maintainer is null ? [] : [("DEB_MAINT_PARAMS", maintainer)],
            "1.2-test",
            "/boot/vmlinuz-1.2-test"
        );
        string wanted = "initramfs|build|--host|--append|a b|--kernel|1.2-test|--output|/boot/initrd.img-1.2-test|";
        Assert.Equal(built, said.Contains(wanted, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("add", "", true)]
    [InlineData("add", "rootcast", true)]
    [InlineData("add", "dracut", false)]
    [InlineData("remove", "", false)]
    public void KernelInstallGetsItIntoItsStagingArea(string command, string generator, bool built)
    {
        Directory.CreateDirectory(_root.File("staging"));
        string said = Run(
            "install.d/40-rootcast.install",
            [("KERNEL_INSTALL_INITRD_GENERATOR", generator), ("KERNEL_INSTALL_STAGING_AREA", _root.File("staging"))],
            command,
            "1.2-test",
            "/boot/entry",
            "/lib/modules/1.2-test/vmlinuz"
        );
        Assert.Equal(built, said.Contains($"--output|{_root.File("staging")}/initrd|", StringComparison.Ordinal));
    }

    /// <summary>Runs a script with a program that prints its arguments, and a depmod that does nothing.</summary>
    private string Run(string script, (string Name, string Value)[] variables, params string[] arguments)
    {
        string program = _root.Write("program dir/rootcast", "#!/bin/sh\nfor word; do printf '%s|' \"$word\"; done\n");
        _root.Write("bin/depmod", "#!/bin/sh\n");
        new KernelHooks(_root.Path).Install(program, ["--host", "--append", "a b"]);
        string hook = _root.File($"etc/kernel/{script}");
        Assert.True(File.GetUnixFileMode(hook).HasFlag(UnixFileMode.UserExecute));
        Judge.MakeExecutable(program, _root.File("bin/depmod"), hook);
        ProcessStartInfo start = new(hook, arguments) { RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment["PATH"] = $"{_root.File("bin")}:{Environment.GetEnvironmentVariable("PATH")}";
        foreach ((string name, string value) in variables)
        {
            start.Environment[name] = value;
        }
        using Process process = Process.Start(start)!;
        string said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return said;
    }
}
