using System.Text;
using Rootcast.Formats.Pe;
using Rootcast.Images.Loaders;
using Rootcast.Server.Content;

namespace Rootcast.Server.Site;

/// <summary>A unified kernel image that is put together while it is sent: what <see cref="UkiImage"/> writes, without the file.</summary>
public static class UkiContent
{
    /// <summary>The parts.</summary>
    /// <param name="release">See <see cref="UkiImage.Release"/>.</param>
    /// <param name="version">Of the kernel.</param>
    /// <param name="commandLine">The kernel's.</param>
    /// <param name="kernel">The bzImage.</param>
    /// <param name="initrd">The initrd.</param>
    /// <exception cref="Contract.UserError">This host lacks the stub.</exception>
    public static ServedContent Of(
        string release,
        string version,
        string commandLine,
        ContentPart kernel,
        IReadOnlyList<ContentPart> initrd
    )
    {
        (string Name, IReadOnlyList<ContentPart> Parts)[] sections =
        [
            (".osrel", [Text(release)]),
            (".uname", [Text(version)]),
            (".cmdline", [Text(commandLine)]),
            (".linux", [kernel]),
            (".initrd", initrd),
        ];
        ExtendedPe image = UkiImage.Extend([
            .. sections.Select(section => new PeSection(section.Name, section.Parts.Sum(part => part.Length))),
        ]);
        List<ContentPart> parts = [ContentPart.Of(image.Start)];
        long length = image.Start.Length;
        for (int i = 0; i < sections.Length; i++)
        {
            PadTo(image.Offsets[i]);
            parts.AddRange(sections[i].Parts);
            length += sections[i].Parts.Sum(part => part.Length);
        }
        PadTo(image.Length);
        return ServedContent.OfParts(parts) with { ContentType = "application/efi" };

        void PadTo(long offset)
        {
            if (offset > length)
            {
                parts.Add(ContentPart.Of(new byte[offset - length]));
                length = offset;
            }
        }
    }

    private static ContentPart Text(string text) => ContentPart.Of(Encoding.UTF8.GetBytes(text));
}
