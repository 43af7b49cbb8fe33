using Rootcast.Server.Content;

namespace Rootcast.Server.Api;

/// <summary>One thing that the API does.</summary>
/// <param name="Method">HTTP's method.</param>
/// <param name="Path">Below <see cref="NodeApi.Root"/>; one part may be a placeholder in braces.</param>
/// <param name="NeedsToken">Whether only who has a token may do it.</param>
/// <param name="Do">Does it.</param>
internal sealed record ApiRoute(string Method, string Path, bool NeedsToken, Func<ApiCall, ServedContent> Do)
{
    /// <summary>What stands at the placeholder, empty without one; null when the path is another.</summary>
    public string? Match(string path)
    {
        string[] wanted = Path.Split('/');
        string[] parts = path.Split('/');
        if (wanted.Length != parts.Length)
        {
            return null;
        }
        string name = "";
        for (int i = 0; i < parts.Length; i++)
        {
            if (wanted[i].StartsWith('{') && parts[i].Length > 0)
            {
                name = parts[i];
            }
            else if (wanted[i] != parts[i])
            {
                return null;
            }
        }
        return name;
    }
}
