using Rootcast.Contract;
using Rootcast.Formats;
using Rootcast.Formats.Cpio;
using Rootcast.Formats.Tree;

namespace Rootcast.Images.Initrds;

/// <summary>An artefact as <see cref="InitramfsPaths.Payload"/>. Its data starts at a page, so that it can share blocks with the artefact's file.</summary>
public static class PayloadSegment
{
    private const int ReadableFile = 0x124; // 0444

    /// <summary>The segment of a form's artefact: that of form <c>initramfs</c> is one already.</summary>
    /// <exception cref="UserError">It is not there, or the format cannot hold so much.</exception>
    public static InitrdSegment Of(Form form, string artefactPath) =>
        form == Form.Initramfs ? InitrdSegment.OfFile(SegmentKind.Payload, artefactPath) : Of(artefactPath);

    /// <summary>The segment of an artefact that init is to find as a file.</summary>
    /// <exception cref="UserError">It is not there, or the format cannot hold so much.</exception>
    public static InitrdSegment Of(string artefactPath)
    {
        FileInfo file = new(artefactPath);
        if (!file.Exists)
        {
            throw new UserError(
                $"The payload {artefactPath} is not there.",
                "Name a file, or a form that the image was cast into.",
                UserErrorKind.Input
            );
        }
        MemoryStream head = new();
        // NULs may stand only between archives for every reader there is (busybox refuses them inside), so the file gets an archive of its own.
        SegmentArchive parents = new();
        parents.AddDirectory(Path.GetDirectoryName(InitramfsPaths.Payload)!);
        head.Write(parents.ToBytes());
        UnixPath name = UnixPath.From(InitramfsPaths.Payload.TrimStart('/'));
        head.Write(new byte[InitrdAssembler.Alignment - CpioPart.LengthOf(name.Bytes.Length, 0) - head.Position]);
        CpioWriter writer = new(head, head.Position);
        try
        {
            writer.Begin(
                new TreeEntry
                {
                    Path = name,
                    Kind = NodeKind.File,
                    Mode = ReadableFile,
                    Size = file.Length,
                }
            );
        }
        catch (InvalidDataException e)
        {
            throw new UserError(
                $"{artefactPath} is too large for an initrd: {e.Message}",
                "Deliver it by carrier disk or http.",
                UserErrorKind.Input,
                e
            );
        }
        writer.Flush();
        MemoryStream tail = new();
        tail.Write(new byte[(4 - (file.Length % 4)) % 4]);
        byte[] trailer = new SegmentArchive().ToBytes();
        tail.Write(trailer);
        return new InitrdSegment(SegmentKind.Payload, head.ToArray(), artefactPath, tail.ToArray());
    }
}
