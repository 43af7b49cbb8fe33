using Rootcast.Contract;
using Rootcast.Formats.Tar;
using Rootcast.Init.Carriers;
using Rootcast.Linux;
using Rootcast.Linux.Mounts;

namespace Rootcast.Init.Forms;

/// <summary>Unpacks an artefact that is the tree's contents while it comes, for forms that hold them in a file system in memory.</summary>
internal static class TreeUnpacking
{
    /// <summary>Unpacks it.</summary>
    /// <param name="boot">The boot.</param>
    /// <param name="source">The artefact.</param>
    /// <param name="root">Where the file system is mounted.</param>
    /// <param name="full">Says, with the kernel's own words at hand, that the file system is full, and what to do.</param>
    public static void Run(Boot boot, IArtefactSource source, string root, Func<LinuxException, UserError> full)
    {
        using Stream artefact = source.Open();
        using TreeUnpacker unpacker = new(root, boot.Journal.SampleMemory);
        try
        {
            ArtefactContent.Use(artefact, archive => unpacker.Unpack(new TarReader(archive)));
        }
        catch (LinuxException error) when (error.Number == Errno.NoSpace)
        {
            throw full(error);
        }
        foreach (string name in unpacker.DroppedAttributes)
        {
            boot.Journal.Problem(
                $"this kernel's file system for form {Names.Of(boot.Plan.Form)} cannot keep the attribute {name}; it is left out"
            );
        }
        boot.Journal.Say(
            $"{unpacker.Entries} entries, {unpacker.DataBytes} bytes of data; {FileSystemUsage.Of(root).UsedBytes} bytes used"
        );
    }
}
