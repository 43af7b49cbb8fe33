namespace Rootcast.Formats.Modules;

/// <summary>Names of kernel modules. <c>-</c> and <c>_</c> are the same in them, except inside the brackets of an alias pattern.</summary>
public static class ModuleName
{
    private static readonly string[] Compressions = [".xz", ".zst", ".gz"];

    /// <summary>The one spelling, as lsmod prints it: <c>virtio-net</c> becomes <c>virtio_net</c>.</summary>
    public static string Normalise(string name)
    {
        if (!name.Contains('-', StringComparison.Ordinal))
        {
            return name;
        }
        return string.Create(
            name.Length,
            name,
            static (span, from) =>
            {
                int depth = 0;
                for (int i = 0; i < from.Length; i++)
                {
                    depth += from[i] switch
                    {
                        '[' => 1,
                        ']' when depth > 0 => -1,
                        _ => 0,
                    };
                    span[i] = from[i] == '-' && depth == 0 ? '_' : from[i];
                }
            }
        );
    }

    /// <summary>The name of a module's file: <c>kernel/drivers/net/virtio_net.ko.xz</c> is <c>virtio_net</c>.</summary>
    public static string OfPath(string path)
    {
        string name = path[(path.LastIndexOf('/') + 1)..];
        foreach (string compression in Compressions)
        {
            if (name.EndsWith(compression, StringComparison.Ordinal))
            {
                name = name[..^compression.Length];
                break;
            }
        }
        return Normalise(name.EndsWith(".ko", StringComparison.Ordinal) ? name[..^3] : name);
    }
}
