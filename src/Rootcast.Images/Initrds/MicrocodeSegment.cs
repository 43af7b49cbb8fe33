using Rootcast.Contract;
using Rootcast.Images.Initramfs;

namespace Rootcast.Images.Initrds;

/// <summary>Updates for the processor, which the kernel takes out of the first, uncompressed archive of an initrd before it does anything else
/// (Documentation/arch/x86/microcode.rst): all of a vendor one behind the other in one file; each processor takes its own.</summary>
public static class MicrocodeSegment
{
    /// <summary>Directory of both files in the archive.</summary>
    public const string Directory = "/kernel/x86/microcode";

    private const int ReadableFile = 0x124; // 0444

    /// <summary>Where distributions put the updates; the first that is there is taken.</summary>
    public static IReadOnlyList<string> FirmwareDirectories { get; } = ["/usr/lib/firmware", "/lib/firmware"];

    /// <summary>The files of this host's packages (Debian: intel-microcode, amd64-microcode), by name.</summary>
    /// <param name="directories">Where firmware is.</param>
    /// <exception cref="UserError">There are none.</exception>
    public static IReadOnlyList<string> OfHost(IReadOnlyList<string> directories)
    {
        foreach (string directory in directories)
        {
            List<string> found =
            [
                .. Files($"{directory}/intel-ucode", IsIntelName),
                .. Files($"{directory}/amd-ucode", name => name.StartsWith("microcode_amd", StringComparison.Ordinal) && IsPlain(name)),
            ];
            if (found.Count > 0)
            {
                return found;
            }
        }
        throw new UserError(
            $"This host has no microcode: neither intel-ucode nor amd-ucode is in {string.Join(" or ", directories)}.",
            "Install the packages intel-microcode and amd64-microcode (Debian: non-free-firmware), or name the files.",
            UserErrorKind.Missing
        );
    }

    /// <summary>The segment of what was named: files, or <see cref="InitrdRequest.Host"/>.</summary>
    /// <exception cref="UserError">One is missing, or no microcode.</exception>
    public static Task<InitrdSegment> OfNamedAsync(IEnumerable<string> names, CancellationToken cancellation) =>
        OfAsync(names.SelectMany(name => name == InitrdRequest.Host ? OfHost(FirmwareDirectories) : [name]), cancellation);

    /// <summary>The segment of files, in their order.</summary>
    /// <exception cref="UserError">One is missing, or no microcode.</exception>
    public static async Task<InitrdSegment> OfAsync(IEnumerable<string> paths, CancellationToken cancellation)
    {
        Dictionary<MicrocodeVendor, MemoryStream> vendors = [];
        foreach (string path in paths)
        {
            (MicrocodeVendor vendor, byte[] bytes) = await ReadAsync(path, cancellation);
            if (!vendors.TryGetValue(vendor, out MemoryStream? all))
            {
                vendors[vendor] = all = new MemoryStream();
            }
            all.Write(bytes);
        }
        SegmentArchive archive = new();
        foreach ((MicrocodeVendor vendor, MemoryStream all) in vendors)
        {
            string name = vendor == MicrocodeVendor.Intel ? "GenuineIntel.bin" : "AuthenticAMD.bin";
            archive.AddFile($"{Directory}/{name}", ReadableFile, all.ToArray());
        }
        return new InitrdSegment(SegmentKind.Microcode, archive.ToBytes());
    }

    private static async Task<(MicrocodeVendor Vendor, byte[] Bytes)> ReadAsync(string path, CancellationToken cancellation)
    {
        try
        {
            byte[] bytes = await FirmwareFiles.BytesAsync(await File.ReadAllBytesAsync(path, cancellation), path, cancellation);
            return (MicrocodeContainer.Read(bytes), bytes);
        }
        catch (InvalidDataException e)
        {
            throw new UserError(
                $"{path} is no microcode: {e.Message}.",
                "Name files of the packages intel-microcode or amd64-microcode, or 'host' for those of this host.",
                UserErrorKind.Input,
                e
            );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"The microcode {path} cannot be read: {e.Message}", "Name a file of this host.", UserErrorKind.Input, e);
        }
    }

    private static IEnumerable<string> Files(string directory, Predicate<string> isWanted) =>
        System.IO.Directory.Exists(directory)
            ? System.IO.Directory.EnumerateFiles(directory).Where(path => isWanted(Path.GetFileName(path))).Order(StringComparer.Ordinal)
            : [];

    /// <summary>Family, model and stepping: <c>06-8e-0c</c>. <c>.initramfs</c> are those that must be loaded early or not at all.</summary>
    private static bool IsIntelName(string name)
    {
        string plain = Path.GetExtension(name) is ".xz" or ".zst" or ".initramfs" ? Path.GetFileNameWithoutExtension(name) : name;
        return plain.Length == 8 && plain[2] == '-' && plain[5] == '-' && plain.Split('-').All(part => part.All(char.IsAsciiHexDigitLower));
    }

    private static bool IsPlain(string name) =>
        name.EndsWith(".bin", StringComparison.Ordinal)
        || name.EndsWith(".bin.xz", StringComparison.Ordinal)
        || name.EndsWith(".bin.zst", StringComparison.Ordinal);
}
