using Rootcast.Images.Initrds;
using Rootcast.Server.Content;

namespace Rootcast.Server.Site;

/// <summary>An initrd that is put together while it is sent: the same bytes that <see cref="InitrdAssembler"/> writes, without the file.</summary>
public static class InitrdContent
{
    /// <summary>The parts of the segments, in the order of their kinds.</summary>
    public static ServedContent Of(IEnumerable<InitrdSegment> segments)
    {
        List<ContentPart> parts = [];
        long length = 0;
        foreach (InitrdSegment segment in segments.OrderBy(segment => segment.Kind))
        {
            Add(ContentPart.Of(new byte[(InitrdAssembler.Alignment - (length % InitrdAssembler.Alignment)) % InitrdAssembler.Alignment]));
            Add(ContentPart.Of(segment.Head));
            if (segment.File is { } file)
            {
                Add(ContentPart.Of(file, new FileInfo(file).Length));
            }
            Add(ContentPart.Of(segment.Tail));
        }
        return ServedContent.OfParts(parts);

        void Add(ContentPart part)
        {
            if (part.Length > 0)
            {
                parts.Add(part);
                length += part.Length;
            }
        }
    }
}
