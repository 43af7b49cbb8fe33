using System.Globalization;

namespace Rootcast.Protocols.Http;

/// <summary>A URL of the kind that artefacts are fetched from: <c>http://HOST[:PORT]/PATH[?QUERY]</c>.</summary>
/// <param name="Scheme"><c>http</c> or <c>https</c>.</param>
/// <param name="Host">Name or address, in lower case; an IPv6 address without its brackets.</param>
/// <param name="Port">1 to 65,535.</param>
/// <param name="Target">Path and query as the request line has them; begins with a slash.</param>
public sealed record HttpUrl(string Scheme, string Host, int Port, string Target)
{
    /// <summary>Bytes of the longest URL.</summary>
    public const int Longest = 4096;

    private int DefaultPort => Scheme == "https" ? 443 : 80;

    /// <summary>What the Host header says.</summary>
    public string Authority
    {
        get
        {
            string host = Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;
            return Port == DefaultPort ? host : string.Create(CultureInfo.InvariantCulture, $"{host}:{Port}");
        }
    }

    /// <summary>Reads a URL. User names in it are refused, a fragment is dropped, and nothing is encoded or decoded.</summary>
    public static bool TryParse(string text, out HttpUrl? url)
    {
        url = null;
        int colon = text.IndexOf("://", StringComparison.Ordinal);
        if (colon <= 0 || !IsPlain(text))
        {
            return false;
        }
        string scheme = text[..colon].ToLowerInvariant();
        if (scheme is not ("http" or "https"))
        {
            return false;
        }
        string rest = text[(colon + 3)..];
        int end = rest.AsSpan().IndexOfAny("/?#");
        string authority = end < 0 ? rest : rest[..end];
        if (!TryAuthority(authority, out string host, out int port))
        {
            return false;
        }
        url = new HttpUrl(scheme, host, port == 0 ? (scheme == "https" ? 443 : 80) : port, CleanTarget(end < 0 ? "" : rest[end..]));
        return true;
    }

    /// <summary>Where a Location header leads from here: a whole URL, <c>//HOST/…</c>, a path from the root, or one beside this one's.
    /// Null when it is not understood.</summary>
    public HttpUrl? Resolve(string location)
    {
        if (location.StartsWith("//", StringComparison.Ordinal))
        {
            return TryParse($"{Scheme}:{location}", out HttpUrl? sameScheme) ? sameScheme : null;
        }
        if (location.Contains("://", StringComparison.Ordinal) && !location.StartsWith('/'))
        {
            return TryParse(location, out HttpUrl? absolute) ? absolute : null;
        }
        if (!IsPlain(location))
        {
            return null;
        }
        if (location.StartsWith('/'))
        {
            return this with { Target = CleanTarget(location) };
        }
        int query = Target.IndexOf('?', StringComparison.Ordinal);
        string path = query < 0 ? Target : Target[..query];
        string beside = location.StartsWith('?') ? path : path[..(path.LastIndexOf('/') + 1)];
        return this with { Target = CleanTarget(beside + location) };
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Scheme}://{Authority}{Target}";

    /// <summary>Printable ASCII without spaces: anything else could end the request line early.</summary>
    private static bool IsPlain(string text) => text.Length is > 0 and <= Longest && !text.AsSpan().ContainsAnyExceptInRange('!', '~');

    private static bool TryAuthority(string authority, out string host, out int port)
    {
        port = 0;
        string portText;
        if (authority.StartsWith('['))
        {
            int close = authority.IndexOf(']', StringComparison.Ordinal);
            host = close < 0 ? "" : authority[1..close];
            portText = close < 0 ? "" : authority[(close + 1)..];
            if (host.AsSpan().ContainsAnyExcept("0123456789abcdefABCDEF:."))
            {
                return false;
            }
        }
        else
        {
            int colon = authority.IndexOf(':', StringComparison.Ordinal);
            host = colon < 0 ? authority : authority[..colon];
            portText = colon < 0 ? "" : authority[colon..];
            if (host.AsSpan().ContainsAnyExcept("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-._"))
            {
                return false;
            }
        }
        host = host.ToLowerInvariant();
        bool hasPort = portText.Length > 1;
        return host.Length > 0
            && (portText.Length == 0 || portText[0] == ':')
            && (
                !hasPort
                || (
                    int.TryParse(portText.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= 65_535
                )
            );
    }

    private static string CleanTarget(string target)
    {
        int fragment = target.IndexOf('#', StringComparison.Ordinal);
        string clean = fragment < 0 ? target : target[..fragment];
        return clean.StartsWith('/') ? clean : "/" + clean;
    }
}
