using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Rootcast.Images.Sources.Apt;

/// <summary>What a suite's <c>InRelease</c> says about what can be taken from it.</summary>
/// <param name="Digest">Of the lists of the packages that matter; it moves when one of these packages does.</param>
/// <param name="Date">When the archive was put together, in seconds since 1970; null when it does not say.</param>
internal sealed record AptRelease(string Digest, long? Date)
{
    /// <summary>Reads it.</summary>
    /// <param name="text">The file, signed in line or not. Its signature is apt's to check when it takes packages.</param>
    /// <param name="components">The components that are used.</param>
    /// <param name="architecture">As dpkg names it.</param>
    internal static AptRelease Parse(string text, IReadOnlyList<string> components, string architecture)
    {
        string[] lists = [.. components.Select(component => $"{component}/binary-{architecture}/Packages")];
        StringBuilder relevant = new();
        bool inSha256 = false;
        long? date = null;
        foreach (string line in text.Split('\n'))
        {
            if (line.StartsWith("Date:", StringComparison.Ordinal))
            {
                date = DateTimeOffset.TryParse(
                    line[5..].Trim().Replace("UTC", "GMT", StringComparison.Ordinal),
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.AssumeUniversal,
                    out DateTimeOffset time
                )
                    ? time.ToUnixTimeSeconds()
                    : null;
            }
            inSha256 = line.StartsWith(' ') ? inSha256 : line.StartsWith("SHA256:", StringComparison.Ordinal);
            if (inSha256 && Array.Exists(lists, list => line.TrimEnd().EndsWith($" {list}", StringComparison.Ordinal)))
            {
                relevant.Append(line.Trim()).Append('\n');
            }
        }
        // Flat archives and those that list only compressed files: anything new counts.
        string counted = relevant.Length > 0 ? relevant.ToString() : text;
        return new AptRelease(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(counted))), date);
    }

    /// <summary>As <see cref="FromNote"/> reads it.</summary>
    internal string ToNote() => $"{Digest} {Date?.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Reads what was noted when the archive could be reached.</summary>
    internal static AptRelease FromNote(string note)
    {
        string[] words = note.Split(' ');
        return new AptRelease(words[0], long.TryParse(words[^1], CultureInfo.InvariantCulture, out long date) ? date : null);
    }
}
