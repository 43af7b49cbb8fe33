using Rootcast.Init.Carriers;
using Rootcast.Linux.Libraries;

namespace Rootcast.Init.Forms;

/// <summary>The content of an artefact, which is compressed as a zstd stream or not: its first four bytes tell.</summary>
public static class ArtefactContent
{
    private const uint ZstdMagic = 0xFD2FB528;

    /// <summary>Lets a form use the content and then reads the artefact to its end, where its length and digest are known to be right. When
    /// the content is damaged, the cause is most often an artefact that is not the plan's, and that is then what is reported.</summary>
    public static void Use(Stream artefact, Action<Stream> use)
    {
        try
        {
            using Stream content = Open(artefact);
            using StreamAhead ahead = new(content);
            use(ahead);
            VerifyingStream.ReadToEnd(ahead);
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException)
        {
            VerifyingStream.ReadToEnd(artefact);
            throw;
        }
        VerifyingStream.ReadToEnd(artefact);
    }

    /// <summary>Opens the content; the artefact itself stays open when the returned stream is disposed.</summary>
    public static Stream Open(Stream artefact)
    {
        byte[] first = new byte[4];
        int filled = 0;
        while (filled < first.Length && artefact.Read(first.AsSpan(filled)) is var got and > 0)
        {
            filled += got;
        }
        Stream whole = new PrependedStream(first.AsMemory(0, filled), artefact);
        return filled == 4 && BitConverter.ToUInt32(first) == ZstdMagic ? new ZstdDecompressStream(whole, leaveOpen: true) : whole;
    }
}
