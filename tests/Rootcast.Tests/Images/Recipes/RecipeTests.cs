using System.Text;
using Rootcast.Contract;
using Rootcast.Images.Forms;
using Rootcast.Images.Recipes;

namespace Rootcast.Tests;

public class RecipeTests
{
    private const string Start = "name: web\nforms: [squashfs]\n";
    private const string Debian = Start + "source:\n  debian:\n    suite: bookworm\n";

    [Fact]
    public void ExampleIsARecipe()
    {
        Recipe recipe = Read(RecipeExample.Text);
        Assert.Equal("example", recipe.Name);
        DebianSource source = Assert.IsType<DebianSource>(recipe.Source);
        Assert.Equal("bookworm", source.Suite.Value);
        Assert.Contains("openssh-server", source.Packages.Select(package => package.Value));
        Assert.Equal([Form.Tmpfs, Form.Ramdisk, Form.Squashfs], recipe.Forms);
        Assert.Equal("Cast by Rootcast.\n", Assert.Single(recipe.Files).Content);
        Assert.True(recipe.Initramfs.Busybox);
    }

    [Fact]
    public void ExampleNamesEveryKey()
    {
        foreach (string key in RecipeKeys.All)
        {
            Assert.Contains($"{key.Split('.')[^1]}:", RecipeExample.Text + " suite: version: file:", StringComparison.Ordinal);
        }
    }

    [Fact]
    public void EveryKeyIsDocumented()
    {
        string document = File.ReadAllText(Path.Combine(Checkout(), "docs", "recipe.md"));
        foreach (string key in RecipeKeys.All)
        {
            Assert.Contains($"| `{key}` |", document, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void EveryKeyIsRead()
    {
        Recipe recipe = Read(
            """
            name: web:3
            source:
              debian:
                suite: trixie
                packages: [curl, "libc6:i386", g++, bash=5.2]
                components: [main, non-free-firmware]
                mirror: http://mirror.example.org/debian
                extra-sources:
                  - deb [arch=amd64] https://example.org/apt stable main
                  - |
                    Types: deb
                    URIs: https://example.org/two
                    Suites: stable
                    Components: main
                keys: [a.asc, /b.gpg]
            kernels:
              - debian: linux-image-6.12-amd64
                suite: trixie
                dkms: [zfs-dkms]
              - files: {image: vmlinuz, modules: modules/6.9.0/}
              - files: {image: vmlinuz, modules: modules, version: 6.10}
              - host
            forms:
              - tmpfs
              - ramdisk: {size: 1G}
              - squashfs: {compressor: gzip, level: 6, block: 64K}
              - zram: {filesystem: btrfs, compressor: lz4, size: 2G}
              - livefs: {filesystem: btrfs, size: 3G, compressor: xz}
              - erofs: {compressor: lzma, level: 3, cluster: 16K, mkfs: bin/mkfs.erofs}
              - zfs-fuse: {pool: tank, layout: raid10, disks: 6, size: 4G, compression: gzip, root: ROOT/debian, properties: {copies: 2}, datasets: [/home, /var/log]}
            root-daemons:
              - name: server
                program: /usr/bin/server
                arguments: [-f, "{root}"]
                ready: socket:/run/server
                modules: [fuse]
                programs: [/bin/umount]
                files: [/etc/server.conf]
                stop: [/bin/true, x]
            initramfs:
              sets: [virtual, usb]
              modules: [e1000e]
              firmware: true
              microcode: [ucode.bin, /b.bin]
              busybox: false
              compress: xz
              files: [/usr/sbin/ethtool, {from: probe, path: /bin//probe}]
            hostname: web-1.example.org
            root:
              password-hash: '$6$salt$hash'
              ssh-keys: ["ssh-ed25519 AAAA me"]
            files:
              - {path: /etc/a, content: "1", mode: 0600, owner: 33, group: root}
              - {path: /etc/b, from: b, mode: "4755"}
            scripts:
              - echo one
              - file: two.sh
            """
        );
        DebianSource source = (DebianSource)recipe.Source;
        Assert.Equal(["main", "non-free-firmware"], source.Components);
        Assert.Equal("http://mirror.example.org/debian", source.Mirror?.Value);
        Assert.Equal(2, source.ExtraSources.Count);
        Assert.Equal(["/dir/a.asc", "/b.gpg"], source.Keys.Select(key => key.Value));
        Assert.Equal(new RecipePlace("/dir/r.yaml", 5, 22), source.Packages[1].Place);
        Assert.Equal("trixie", Assert.IsType<DebianKernel>(recipe.Kernels[0]).Suite?.Value);
        Assert.Equal("6.9.0", Assert.IsType<FilesKernel>(recipe.Kernels[1]).Version);
        Assert.Equal("6.10", Assert.IsType<FilesKernel>(recipe.Kernels[2]).Version);
        Assert.Equal("/dir/vmlinuz", ((FilesKernel)recipe.Kernels[2]).Image);
        Assert.IsType<HostKernel>(recipe.Kernels[3]);
        Assert.Equal([Form.Tmpfs, Form.Ramdisk, Form.Squashfs, Form.Zram, Form.Livefs, Form.Erofs, Form.ZfsFuse], recipe.Forms);
        Assert.Equal("tank raid10 6 4294967296 gzip ROOT/debian copies=2 /home /var/log", recipe.Options.Pool.ToString());
        Assert.Equal(["zfs-dkms"], Assert.IsType<DebianKernel>(recipe.Kernels[0]).Dkms.Select(package => package.Value));
        RecipeRootDaemon daemon = Assert.Single(recipe.RootDaemons);
        Assert.Equal(
            "program /usr/bin/server\nargument -f\nargument {root}\nready socket:/run/server\nmodule fuse\nstop /bin/true\nstop x\n",
            daemon.Daemon.ToText()
        );
        Assert.Equal(["/bin/umount"], daemon.Programs);
        Assert.Equal(["/etc/server.conf"], daemon.Files);
        Assert.Equal(1L << 30, recipe.Options.Ramdisk.Bytes);
        Assert.Equal(
            new SquashfsOptions
            {
                Compressor = "gzip",
                Level = 6,
                BlockBytes = 64 << 10,
            },
            recipe.Options.Squashfs
        );
        Assert.Equal(
            new LivefsOptions
            {
                FileSystem = DiskFileSystem.Btrfs,
                Bytes = 3L << 30,
                Squashfs = new SquashfsOptions { Compressor = "xz" },
            },
            recipe.Options.Livefs
        );
        Assert.Equal(
            new ZramOptions
            {
                FileSystem = "btrfs",
                Compressor = "lz4",
                Bytes = 2L << 30,
            },
            recipe.Options.Zram
        );
        Assert.Equal(
            new ErofsOptions
            {
                Compressor = "lzma",
                Level = 3,
                ClusterBytes = 16 << 10,
                Program = "/dir/bin/mkfs.erofs",
            },
            recipe.Options.Erofs
        );
        Assert.Equal("xz", recipe.Initramfs.Compress);
        Assert.Equal(["virtual", "usb"], recipe.Initramfs.Sets!.Select(set => set.Value));
        Assert.True(recipe.Initramfs.Firmware);
        Assert.Equal(["/dir/ucode.bin", "/b.bin"], recipe.Initramfs.Microcode);
        Assert.Equal(("/dir/probe", "/bin/probe"), (recipe.Initramfs.Files[1].From, recipe.Initramfs.Files[1].Path));
        Assert.Equal("$6$salt$hash", recipe.Root.PasswordHash);
        Assert.Equal((Convert.ToInt32("600", 8), 33u, 0u), (recipe.Files[0].Mode, recipe.Files[0].Owner, recipe.Files[0].Group));
        Assert.Equal((Convert.ToInt32("4755", 8), "/dir/b"), (recipe.Files[1].Mode, recipe.Files[1].From));
        Assert.Equal(("echo one", "/dir/two.sh"), (recipe.Scripts[0].Text, recipe.Scripts[1].File));
    }

    [Fact]
    public void AMediumIsAPathOrAMapping()
    {
        Recipe recipe = Read(Start + "source: {media: live.iso}\nkernels:\n  - media\n  - media: {image: linux, version: 6.1.0-9}\n");
        Assert.Equal(("/dir/live.iso", null), (((MediaSource)recipe.Source).Path, ((MediaSource)recipe.Source).Partition));
        Assert.Null(Assert.IsType<MediaKernel>(recipe.Kernels[0]).Image);
        MediaKernel named = Assert.IsType<MediaKernel>(recipe.Kernels[1]);
        Assert.Equal(("/dir/linux", "6.1.0-9"), (named.Image, named.Version));
        recipe = Read(Start + "source:\n  media: {file: disk.img, partition: 3}\n");
        Assert.Equal(("/dir/disk.img", 3), (((MediaSource)recipe.Source).Path, ((MediaSource)recipe.Source).Partition));
    }

    [Fact]
    public void KernelIsDebiansCloudKernelWhenNoneIsNamed() =>
        Assert.Equal("cloud", Assert.IsType<DebianKernel>(Assert.Single(Read(Debian).Kernels)).Package);

    [Theory]
    [InlineData("nmae: web\n", "1:1", "there is no key 'nmae' in a recipe", "'name'")]
    [InlineData(Debian + "    packges: [a]\n", "6:5", "no key 'packges' in source.debian", "'packages'")]
    [InlineData(Debian + "zzzzzzzzzz: 1\n", "6:1", "no key 'zzzzzzzzzz'", "Known are name, source")]
    [InlineData(Debian + "hostname: a\nhostname: b\n", "7:1", "'hostname' stands here a second time; the first is in line 6", "Keep one")]
    [InlineData("forms: [squashfs]\nsource: {directory: /x}\n", "1:1", "has no 'name'", "name: web")]
    [InlineData(Start, "1:1", "has no 'source'", "debian, directory, tar or media")]
    [InlineData(Start + "source: {}", "3:9", "source names nothing", "one source")]
    [InlineData(Start + "source: {tar: a, directory: b}", "3:9", "both directory and tar", "one source")]
    [InlineData(Start + "source: bookworm\n", "3:9", "source is a mapping, and here is the text 'bookworm'", "debian")]
    [InlineData(Start + "source:\n  directory:\n", "4:13", "here is nothing", "value")]
    [InlineData("name: Web\nforms: [tmpfs]\nsource: {tar: a}\n", "1:7", "'Web' cannot name an image", "lower-case")]
    [InlineData("name: w\nsource: {tar: a}\nforms: [squashf]\n", "3:9", "no form 'squashf'", "'squashfs'")]
    [InlineData("name: w\nsource: {tar: a}\nforms: [tmpfs, tmpfs]\n", "3:16", "second time", "once")]
    [InlineData("name: w\nsource: {tar: a}\nforms: [zfs: {layout: raid5}]\n", "3:23", "no layout of a pool 'raid5'", "raidz1")]
    [InlineData("name: w\nsource: {tar: a}\nforms: [zfs: {layout: raid10, disks: 5}]\n", "3:38", "'5' disks make no raid10", "even number")]
    [InlineData("name: w\nsource: {tar: a}\nforms: [zfs: {layout: raidz2, disks: 2}]\n", "3:38", "'2' disks make no raidz2", "from 3")]
    [InlineData("name: w\nsource: {tar: a}\nforms: [zfs: {pool: -o}]\n", "3:21", "'-o' cannot name a pool", "letter")]
    [InlineData("name: w\nsource: {tar: a}\nforms: [zfs: {properties: {mountpoint: none}}]\n", "3:28", "mountpoint", "atime")]
    [InlineData("name: w\nsource: {tar: a}\nforms: [zfs: {compression: lz4}]\n", "3:28", "lz4", "lzjb")]
    [InlineData(
        "name: w\nsource: {tar: a}\nkernels: [{files: {image: a, modules: b}, dkms: [x]}]\nforms: [tmpfs]\n",
        "3:49",
        "takes 'dkms'",
        "Remove"
    )]
    [InlineData("name: w\nsource: {tar: a}\nforms: []\n", "3:8", "no form is named", "at least one")]
    [InlineData("name: w\nsource: {tar: a}\nforms: tmpfs\n", "3:8", "forms is a list", "- ")]
    [InlineData(Start + "source:\n  media: {partition: 1}\n", "4:10", "source.media has no 'file'", "file: live.iso")]
    [InlineData(Start + "source:\n  media: {file: a, partition: 0}\n", "4:31", "'0' is no number of a partition", "inspect")]
    [InlineData(Debian + "kernels: [{media: {}, debian: cloud}]\n", "6:11", "a kernel needs one of", "debian: cloud")]
    [InlineData(Debian + "    packages: [a, 'b c']\n", "6:19", "'b c' is no name of a package", "name")]
    [InlineData(Debian + "    packages: ['?essential']\n", "6:16", "no name of a package", "name")]
    [InlineData(Debian + "    packages: [-oDir=/]\n", "6:16", "no name of a package", "name")]
    [InlineData(Debian + "    mirror: bookworm\n", "6:13", "'bookworm' is no archive", "URI")]
    [InlineData(Debian + "    extra-sources: [deb x]\n", "6:21", "this is no source for apt: line 1", "deb URI SUITE")]
    [InlineData(Start + "source: {debian: {suite: ../x}}\n", "3:26", "no name of a suite", "name")]
    [InlineData(Debian + "kernels: [{debain: cloud}]\n", "6:12", "no key 'debain'", "'debian'")]
    [InlineData(Debian + "kernels: [{suite: sid}]\n", "6:11", "a kernel needs one of 'debian'", "cloud")]
    [InlineData(Debian + "kernels: []\n", "6:10", "no kernel is named", "leave")]
    [InlineData(Debian + "hostname: -x\n", "6:11", "'-x' is no host name", "hyphens")]
    [InlineData(Debian + "root: {password-hash: secret}\n", "6:23", "no hash as /etc/shadow has it", "openssl passwd")]
    [InlineData(Debian + "root: {ssh-keys: [AAAA]}\n", "6:19", "no line of authorized_keys", ".pub")]
    [InlineData(Debian + "initramfs: {compress: zip}\n", "6:23", "no compressor 'zip'", "gzip")]
    [InlineData(Debian + "initramfs: {sets: [virtul]}\n", "6:20", "no set of modules 'virtul'", "'virtual'")]
    [InlineData(Debian + "initramfs: {busybox: yes}\n", "6:22", "true or false", "true or false")]
    [InlineData(Debian + "files: [{path: etc/motd, content: a}]\n", "6:16", "no file's path", "'/'")]
    [InlineData(Debian + "files: [{path: /a/../b, content: a}]\n", "6:16", "no file's path", "..")]
    [InlineData(Debian + "files: [{path: /a}]\n", "6:9", "either 'content' or 'from'", "content")]
    [InlineData(Debian + "files: [{path: /a, content: b, mode: 999}]\n", "6:38", "'999' is no mode", "octal")]
    [InlineData(Debian + "files: [{path: /a, content: b, owner: www-data}]\n", "6:39", "no user or group id", "number")]
    [InlineData(Debian + "files: [{path: /a, content: [b]}]\n", "6:29", "here is a list", "quotes")]
    [InlineData(Debian + "scripts: [[a]]\n", "6:11", "here is a list", "value")]
    [InlineData("name: 'web\n", "1:7", "this is not YAML", "quotes that are not closed")]
    [InlineData("name: w\nsource: {tar: a}\nforms: [{squashf: {}}]\n", "3:10", "no key 'squashf' in forms[]", "'squashfs'")]
    [InlineData("name: w\nsource: {tar: a}\nforms: [{squashfs: {}, ramdisk: {}}]\n", "3:9", "names both squashfs", "of its own")]
    [InlineData("name: w\nsource: {tar: a}\nforms: [squashfs: {block: 100K}]\n", "3:27", "block is 102400 bytes", "power of two")]
    [InlineData("name: w\nsource: {tar: a}\nforms: [squashfs: {compressor: lz}]\n", "3:32", "no compressor 'lz'", "'lz4'")]
    [InlineData("name: w\nsource: {tar: a}\nforms: [squashfs: {compressor: xz, level: 3}]\n", "3:43", "xz has no levels", "out")]
    [InlineData("name: w\nsource: {tar: a}\nforms: [disk: {filesystem: zfs}]\n", "3:28", "no file system 'zfs'", "'xfs'")]
    [InlineData("name: w\nsource: {tar: a}\nforms: [livefs: {filesystem: xfs}]\n", "3:30", "no file system 'xfs'", "btrfs")]
    [InlineData("name: w\nsource: {tar: a}\nforms: [squashfs: {level: 23}]\n", "3:27", "no level of zstd", "1 to 22")]
    [InlineData("name: w\nsource: {tar: a}\nforms: [ramdisk: {size: 50%}]\n", "3:25", "no amount of bytes", "512M")]
    [InlineData("name: web\n\tforms: [a]\n", "2:1", "this is not YAML", "never by tabs")]
    [InlineData("", "1:1", "the recipe is empty", "rootcast init")]
    [InlineData("# nothing\n", "1:1", "the recipe is empty", "rootcast init")]
    [InlineData(Debian + "---\nname: x\n", "6:1", "a second document", "one document")]
    [InlineData("name: &a web\n", "1:7", "anchors and aliases", "Write")]
    [InlineData("name: *a\n", "1:7", "anchors and aliases", "Write")]
    [InlineData("name: !!binary web\n", "1:7", "tag", "Remove")]
    [InlineData("[a]: b\n", "1:1", "a key is expected here, not a list", "words")]
    [InlineData("- a\n", "1:1", "a recipe is a mapping", "name")]
    public void WhatIsWrongIsSaidWithItsPlace(string text, string place, string message, string hint)
    {
        UserError error = Assert.Throws<UserError>(() => Read(text));
        Assert.StartsWith($"/dir/r.yaml:{place}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains(hint, error.Hint, StringComparison.Ordinal);
        Assert.Equal(UserErrorKind.Input, error.Kind);
    }

    [Fact]
    public void ByteThatIsNotUtf8IsPointedAt()
    {
        UserError error = Assert.Throws<UserError>(() => Recipe.Parse([.. "name: web\nhost: é"u8, 0xFF], "r.yaml"));
        Assert.StartsWith("r.yaml:2:8: the byte 0xff is not UTF-8", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SizeIsBounded() =>
        Assert.Contains(
            "more than 1048576 bytes",
            Assert.Throws<UserError>(() => Recipe.Parse(new byte[2_000_000], "r")).Message,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    [InlineData("? ")]
    [InlineData("a: [")]
    [InlineData("[[],")]
    [InlineData("'")]
    [InlineData("\"\\")]
    [InlineData("|\n ")]
    [InlineData("%YAML 9")]
    [InlineData("&a ")]
    [InlineData("a\n")]
    [InlineData("a: \n ")]
    [InlineData(": ")]
    [InlineData("#")]
    public void DeepAndLongInputsAreRefusedAtOnce(string piece)
    {
        string text = string.Concat(Enumerable.Repeat(piece, 1_000_000 / piece.Length));
        Assert.Equal(UserErrorKind.Input, Assert.Throws<UserError>(() => Read(text)).Kind);
    }

    [Fact]
    public void MissingFileIsAnInputError()
    {
        UserError error = Assert.Throws<UserError>(() => Recipe.Load("/nonexistent/r.yaml"));
        Assert.Equal(UserErrorKind.Input, error.Kind);
        Assert.Contains("rootcast init", error.Hint, StringComparison.Ordinal);
    }

    private static Recipe Read(string text) => Recipe.Parse(Encoding.UTF8.GetBytes(text), "/dir/r.yaml");

    private static string Checkout()
    {
        string directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "Rootcast.slnx")))
        {
            directory = Path.GetDirectoryName(directory)!;
        }
        return directory;
    }
}
