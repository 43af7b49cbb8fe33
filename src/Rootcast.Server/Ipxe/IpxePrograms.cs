using System.Collections.Concurrent;
using Rootcast.Server.Content;

namespace Rootcast.Server.Ipxe;

/// <summary>iPXE's programs, for firmware that loads one by TFTP or HTTP: those of Debian's package ipxe.</summary>
public sealed class IpxePrograms
{
    /// <summary>For BIOS: drives the card through the firmware's own driver.</summary>
    public const string Bios = "undionly.kpxe";

    /// <summary>For UEFI on x86: with drivers of its own.</summary>
    public const string Efi = "ipxe.efi";

    /// <summary>For UEFI on x86: drives the card through the firmware's own driver.</summary>
    public const string EfiFirmwareDriver = "snponly.efi";

    /// <summary>For UEFI on arm64.</summary>
    public const string EfiArm64 = "ipxe-arm64.efi";

    private const int LargestProgram = 16 << 20;

    private readonly string directory;
    private readonly ConcurrentDictionary<string, (DateTime Written, ServedContent Content)> read = new(StringComparer.Ordinal);

    /// <summary>Programs of a directory.</summary>
    /// <param name="directory">Where the package has them.</param>
    public IpxePrograms(string directory = "/usr/lib/ipxe") => this.directory = directory;

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> Names { get; } = [Bios, Efi, EfiFirmwareDriver, EfiArm64];

    /// <summary>Whether the program is on this host.</summary>
    public bool Has(string name) => Names.Contains(name, StringComparer.Ordinal) && File.Exists(Path.Combine(directory, name));

    /// <summary>The program at that path; null for every other path and for programs that are not here.</summary>
    public ServedContent? Find(string path)
    {
        string name = path.TrimStart('/');
        if (!Has(name))
        {
            return null;
        }
        FileInfo place = new(Path.Combine(directory, name));
        // Debian's package has links among them: size and date of a link are its own.
        FileInfo file = (FileInfo?)place.ResolveLinkTarget(returnFinalTarget: true) ?? place;
        if (file.Length > LargestProgram)
        {
            return null;
        }
        // Small, and the package may be replaced while it is sent: taken whole, and once for all who load it at the same time.
        DateTime written = file.LastWriteTimeUtc;
        if (!read.TryGetValue(name, out (DateTime Written, ServedContent Content) known) || known.Written != written)
        {
            known = (written, Read(file, name));
            read[name] = known;
        }
        return known.Content;
    }

    private static ServedContent Read(FileInfo file, string name) =>
        ServedContent.OfParts([ContentPart.Of(File.ReadAllBytes(file.FullName))]) with
        {
            ContentType = name.EndsWith(".efi", StringComparison.Ordinal) ? "application/efi" : "application/octet-stream",
        };
}
