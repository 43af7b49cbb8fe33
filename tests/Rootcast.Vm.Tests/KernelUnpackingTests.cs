using System.Text;
using Rootcast.Formats.Cpio;
using Rootcast.Images.Cpio;
using Rootcast.Images.Initramfs;
using Rootcast.Images.Initrds;
using Rootcast.Images.Store;
using Rootcast.Images.Tools;
using Rootcast.Lab.Boots;
using Rootcast.Lab.Machines;

namespace Rootcast.Vm.Tests;

/// <summary>The judge of archives: a kernel unpacks every variant, one segment each, and hashes what came of it.</summary>
public sealed class KernelUnpackingTests(GuestLab lab) : IAsyncLifetime
{
    private const string Done = "all variants are hashed";

    /// <summary>Prints for each variant a hash of all names, types, modes, owners, numbers of links, and contents.</summary>
    private const string Script = $"""
        #!/usr/bin/busybox sh
        # Written to the console by the kernel's own device: nothing is mounted here.
        exec >/dev/console 2>&1
        for variant in /variant-*; do
          cd $variant
          {Listing}
          echo "hashed $variant $(busybox cat /listing | busybox sha256sum | busybox cut -c1-64)"
        done
        echo "{Done}"
        busybox reboot -f

        """;

    /// <summary>What stat and sha256sum say, by busybox on both sides.</summary>
    private const string Listing = """
        { busybox find . | LC_ALL=C busybox sort | while IFS= read -r name; do busybox stat -c '%n %f %u:%g %t:%T' "$name"; done; busybox find . -type f | LC_ALL=C busybox sort | while IFS= read -r name; do busybox stat -c '%n %h %s' "$name"; busybox sha256sum "$name"; done; busybox find . -type l | LC_ALL=C busybox sort | while IFS= read -r name; do busybox readlink "$name"; done; } > /listing
        """;

    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _directory.DisposeAsync();

    [Fact]
    public async Task EveryVariantBecomesTheSameTree()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "device nodes take root");
        string busybox = Tool.Find("busybox") ?? throw Tool.Missing("busybox");
        (string Name, CpioWriting Writing, InitrdCompression Compression)[] variants =
        [
            ("plain", new CpioWriting { Alignment = 0, Reflink = ReflinkMode.Never }, InitrdCompression.None),
            ("aligned", new CpioWriting { Alignment = 4096 }, InitrdCompression.None),
            ("little", new CpioWriting { Alignment = 64 }, InitrdCompression.None),
            ("gzip", new CpioWriting(), InitrdCompression.Gzip),
            ("xz", new CpioWriting(), InitrdCompression.Xz),
            ("lz4", new CpioWriting(), InitrdCompression.Lz4Legacy),
            ("zstd", new CpioWriting(), InitrdCompression.Zstd),
        ];
        string tree = await MakeTreeAsync();
        List<InitrdSegment> segments = [InitrdSegment.OfFile(SegmentKind.Base, await BaseAsync(busybox))];
        foreach ((string name, CpioWriting writing, InitrdCompression compression) in variants)
        {
            using InitramfsDraft draft = InitramfsManifest
                .Parse(Encoding.UTF8.GetBytes(Manifest($"/variant-{name}")), name)
                .Draft(new InitProgram(default), tree, 0);
            string path = _directory.Join(name);
            await InitramfsCompressor.WriteAsync(draft, compression, path, Cancellation, writing: writing);
            segments.Add(InitrdSegment.OfFile(SegmentKind.Base, path));
        }
        string initrd = _directory.Join("initrd");
        InitrdAssembler.Assemble(segments, initrd, cancellation: Cancellation);
        StoredImage image = await lab.ImageAsync(Recipes.Debian);
        Machine machine = new()
        {
            Kernel = lab.Store.PathOf(image.Manifest.Kernels[0].Blob),
            Initrd = initrd,
            CommandLine = "panic=-1 quiet",
        };
        BootReport report = await lab.BootAsync(machine, "unpacking", null, Done);
        string[] hashed =
        [
            .. (await File.ReadAllLinesAsync(report.ConsoleLog, Cancellation))
                .Select(line => line.Trim())
                .Where(line => line.StartsWith("hashed ", StringComparison.Ordinal)),
        ];
        Assert.True(hashed.Length == variants.Length, Expect.Describe(report));
        string expected = (
            await new Tool(
                "sh",
                "-c",
                $"cd {tree}/expected && {Listing.Replace("/listing", $"{tree}/listing", StringComparison.Ordinal)}; sha256sum {tree}/listing"
            ).RunAsync(Cancellation)
        ).Output[..64];
        Assert.All(hashed, line => Assert.EndsWith(expected, line, StringComparison.Ordinal));
    }

    /// <summary>All kinds of entries; sizes around words, blocks and the alignments; three names of one file; names that are odd or long.</summary>
    private static string Manifest(string prefix)
    {
        StringBuilder lines = new();
        lines.Append($"dir 0755 0 0 {prefix}\ndir 1777 0 0 {prefix}/dir\n");
        foreach (int size in Sizes)
        {
            lines.Append($"file 0640 1 2 {prefix}/size-{size} /data/{size}\n");
        }
        foreach (string name in (string[])["hard-a", "dir/hard-b", "hard-c"])
        {
            lines.Append($"file 4755 0 0 {prefix}/{name} /data/{name.Split('/')[^1]}\n");
        }
        lines.Append($"file 0600 0 0 \"{prefix}/odd \\xff\\\"name\" /data/5\n");
        lines.Append($"file 0600 0 0 {prefix}/{new string('n', 200)} /data/4097\n");
        lines.Append($"link 0777 0 0 {prefix}/link dir/hard-b\n");
        lines.Append($"fifo 0644 0 0 {prefix}/fifo\nchar 0600 0 0 {prefix}/null 1 3\nblock 0660 0 6 {prefix}/block 259 70000\n");
        return lines.ToString();
    }

    private static readonly int[] Sizes = [0, 1, 3, 4, 5, 63, 64, 65, 4095, 4096, 4097, 65536, 65537, 1_000_003];

    /// <summary>Files to make archives of below <c>data</c>, and what should come of them below <c>expected</c>.</summary>
    private async Task<string> MakeTreeAsync()
    {
        string tree = Directory.CreateDirectory(_directory.Join("tree")).FullName;
        string data = Directory.CreateDirectory($"{tree}/data").FullName;
        Random random = new(1);
        foreach (int size in Sizes)
        {
            byte[] bytes = new byte[size];
            random.NextBytes(bytes);
            await File.WriteAllBytesAsync($"{data}/{size}", bytes, Cancellation);
        }
        string script = $"""
            set -e
            cd {data}
            echo hard > hard-a; ln hard-a hard-b; ln hard-a hard-c
            mkdir -m 755 {tree}/expected; cd {tree}/expected
            mkdir -m 1777 dir
            for size in {string.Join(' ', Sizes)}; do install -m 640 -o 1 -g 2 {data}/$size size-$size; done
            install -m 4755 {data}/hard-a hard-a; ln hard-a dir/hard-b; ln hard-a hard-c
            install -m 600 {data}/5 "$(printf 'odd \377"name')"
            install -m 600 {data}/4097 {new string('n', 200)}
            ln -s dir/hard-b link
            mkfifo -m 644 fifo; mknod -m 600 null c 1 3; mknod -m 660 block b 259 70000; chown 0:6 block
            """;
        await new Tool("sh", "-c", script).RunAsync(Cancellation);
        return tree;
    }

    private async Task<string> BaseAsync(string busybox)
    {
        string root = Directory.CreateDirectory(_directory.Join("base-root")).FullName;
        File.Copy(busybox, $"{root}/busybox");
        await File.WriteAllTextAsync($"{root}/script", Script, Cancellation);
        using InitramfsDraft draft = InitramfsManifest
            .Parse(
                "file 0755 0 0 /init /script\nfile 0755 0 0 /usr/bin/busybox /busybox\ndir 0755 0 0 /dev\nchar 0600 0 0 /dev/console 5 1\nlink 0777 0 0 /bin usr/bin\nlink 0777 0 0 /usr/bin/sh busybox\n"u8.ToArray(),
                "base"
            )
            .Draft(new InitProgram(default), root, 0);
        string path = _directory.Join("base");
        await InitramfsCompressor.WriteAsync(draft, InitrdCompression.None, path, Cancellation);
        return path;
    }
}
