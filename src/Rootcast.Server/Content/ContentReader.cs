using Microsoft.Win32.SafeHandles;

namespace Rootcast.Server.Content;

/// <summary>Reads a content anywhere. Its files are opened at once and held, so that what was begun can be ended when their names are gone.</summary>
public sealed class ContentReader : IDisposable
{
    private readonly IReadOnlyList<ContentPart> parts;
    private readonly SafeFileHandle?[] files;

    private ContentReader(IReadOnlyList<ContentPart> parts)
    {
        this.parts = parts;
        files = new SafeFileHandle?[parts.Count];
    }

    /// <summary>Opens a content; null when one of its files is gone.</summary>
    public static ContentReader? TryOpen(ServedContent content)
    {
        ContentReader reader = new(content.Parts);
        try
        {
            for (int i = 0; i < content.Parts.Count; i++)
            {
                if (content.Parts[i].File is { } file)
                {
                    reader.files[i] = File.OpenHandle(
                        file,
                        FileMode.Open,
                        FileAccess.Read,
                        FileShare.ReadWrite | FileShare.Delete,
                        FileOptions.SequentialScan
                    );
                }
            }
            return reader;
        }
        catch (Exception error)
        {
            reader.Dispose();
            // Collected between the question and now.
            if (error is FileNotFoundException or DirectoryNotFoundException)
            {
                return null;
            }
            throw;
        }
    }

    /// <summary>Reads at least one byte, at most to the end of the part that the offset is in. Throws <see cref="EndOfStreamException"/> when a file has
    /// become shorter than it was.</summary>
    /// <param name="place">Where to; not empty.</param>
    /// <param name="offset">In the content, before its end.</param>
    public int Read(Span<byte> place, long offset)
    {
        long start = 0;
        for (int i = 0; i < parts.Count; i++)
        {
            ContentPart part = parts[i];
            long within = offset - start;
            if (within < part.Length)
            {
                int wanted = (int)Math.Min(place.Length, part.Length - within);
                if (files[i] is not { } file)
                {
                    part.Bytes.Span.Slice((int)within, wanted).CopyTo(place);
                    return wanted;
                }
                int got = RandomAccess.Read(file, place[..wanted], within);
                return got > 0
                    ? got
                    : throw new EndOfStreamException($"{part.File} ends at byte {within} while it is sent; it had {part.Length}");
            }
            start += part.Length;
        }
        throw new ArgumentOutOfRangeException(nameof(offset), offset, $"the content has {start} bytes");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (SafeFileHandle? file in files)
        {
            file?.Dispose();
        }
    }
}
