using System.IO.Compression;
using System.Reflection;

namespace Rootcast.Images.Tools;

/// <summary>Data that a program carries in itself, packed by gzip at build time: half of its size is that of the file that people download.</summary>
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
        using GZipStream unpacked = new(packed, CompressionMode.Decompress);
        using MemoryStream data = new();
        unpacked.CopyTo(data);
        return data.ToArray();
    }
}
