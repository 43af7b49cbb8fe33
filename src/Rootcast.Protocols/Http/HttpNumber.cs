using System.Globalization;

namespace Rootcast.Protocols.Http;

/// <summary>Numbers in headers: decimal digits and nothing else.</summary>
internal static class HttpNumber
{
    // long.TryParse alone takes NULs at the end.
    internal static bool TryParse(ReadOnlySpan<char> text, out long number)
    {
        number = 0;
        return !text.ContainsAnyExceptInRange('0', '9') && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
