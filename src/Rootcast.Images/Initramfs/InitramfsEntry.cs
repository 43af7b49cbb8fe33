using Rootcast.Formats.Tree;
using Rootcast.Images.Cpio;

namespace Rootcast.Images.Initramfs;

/// <summary>An entry of an initramfs under construction.</summary>
/// <param name="Entry">What the archive says of it.</param>
internal sealed record InitramfsEntry(TreeEntry Entry)
{
    /// <summary>Data of a file that is made here; null when it has none or comes from <see cref="From"/>.</summary>
    public ReadOnlyMemory<byte>? Content { get; init; }

    /// <summary>What makes <see cref="Content"/>, so that a manifest need not have it; null when it is a text of its own.</summary>
    public MadeContent? Made { get; init; }

    /// <summary>The file that has its data; null when there is none.</summary>
    public OpenedFile? From { get; init; }

    /// <summary>As a node of an archive.</summary>
    public CpioSource Source =>
        new(Entry)
        {
            Content = Content,
            Opened = From,
            Status = From?.Status ?? default,
        };
}
