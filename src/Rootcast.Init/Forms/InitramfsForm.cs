using System.Text;
using Rootcast.Contract;
using Rootcast.Formats.Tar;
using Rootcast.Formats.Tree;
using Rootcast.Init.Carriers;
using Rootcast.Linux;
using Rootcast.Linux.Files;
using Rootcast.Linux.Mounts;

namespace Rootcast.Init.Forms;

/// <summary>The tree stays where the kernel unpacked it, in the rootfs. It becomes the root as a mount of its own directory; all that is beside it is deleted
/// at the handover as ever.</summary>
public sealed class InitramfsForm : IForm
{
    /// <inheritdoc/>
    public void Prepare(Boot boot) { }

    /// <inheritdoc/>
    public void Mount(Boot boot, IArtefactSource source, string root)
    {
        if (FileNodes.Exists(InitramfsPaths.UnpackedAttributes))
        {
            SetAttributes(boot, root);
        }
        Mounting.Bind(root, root);
    }

    /// <summary>cpio has no place for extended attributes, so they come beside, in an archive without data.</summary>
    private static void SetAttributes(Boot boot, string root)
    {
        HashSet<string> dropped = new(StringComparer.Ordinal);
        using DescriptorStream stream = new(
            FileNodes.Open(InitramfsPaths.UnpackedAttributes, OpenFlags.ReadOnly),
            InitramfsPaths.UnpackedAttributes
        );
        TarReader reader = new(stream);
        while (reader.Next() is { } entry)
        {
            byte[] path = [.. Encoding.UTF8.GetBytes(root), (byte)'/', .. entry.Path.Bytes];
            foreach (ExtendedAttribute attribute in entry.Attributes)
            {
                try
                {
                    ExtendedAttributes.Set(path, attribute.Name, attribute.Value.Span);
                }
                catch (LinuxException error) when (error.Number == Errno.NotSupported)
                {
                    dropped.Add(attribute.Name);
                }
            }
        }
        foreach (string name in dropped)
        {
            boot.Journal.Problem($"this kernel's rootfs cannot keep the attribute {name}; it is left out");
        }
    }
}
