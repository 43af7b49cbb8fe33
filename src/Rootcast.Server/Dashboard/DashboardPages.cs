using System.Security.Cryptography;
using Rootcast.Images.Tools;

namespace Rootcast.Server.Dashboard;

/// <summary>The files of the front end, which the program carries (Page/).</summary>
internal sealed class DashboardPages
{
    private static readonly (string Ending, string Type)[] Types =
    [
        (".html", "text/html; charset=utf-8"),
        (".css", "text/css; charset=utf-8"),
        (".js", "text/javascript; charset=utf-8"),
    ];

    private readonly Lock gate = new();
    private readonly Dictionary<string, Page> pages = new(StringComparer.Ordinal);

    /// <summary>A file by its name; null when there is none.</summary>
    public Page? Find(string name)
    {
        // Few, and all ours: a name that is not carried is not remembered.
        lock (gate)
        {
            if (!pages.TryGetValue(name, out Page? page))
            {
                if (Array.Find(Types, type => name.EndsWith(type.Ending, StringComparison.Ordinal)).Type is not { } kind)
                {
                    return null;
                }
                if (PackedResource.Read(typeof(DashboardPages).Assembly, $"dashboard/{name}.zst") is not { } bytes)
                {
                    return null;
                }
                pages[name] = page = new Page(bytes, kind, $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]}\"");
            }
            return page;
        }
    }

    /// <summary>A file.</summary>
    /// <param name="Bytes">Its bytes.</param>
    /// <param name="Type">Its media type.</param>
    /// <param name="Tag">Its entity tag.</param>
    public sealed record Page(byte[] Bytes, string Type, string Tag);
}
