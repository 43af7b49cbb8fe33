using System.Reflection;
using Rootcast.Linux.Libraries;

namespace Rootcast.Images.Tools;

/// <summary>Data that a program carries in itself, packed by zstd at build time: its size is that of the file that people download.</summary>
public static class PackedResource
{
    /// <summary>The data, unpacked; null where the assembly carries none by that name.</summary>
    public static byte[]? Read(Assembly assembly, string name)
    {
        using Stream? packed = assembly.GetManifestResourceStream(name);
        if (packed is null)
        {
            return null;
        }
        using ZstdDecompressStream unpacked = new(packed);
        using MemoryStream data = new();
        unpacked.CopyTo(data);
        return data.ToArray();
    }
}
