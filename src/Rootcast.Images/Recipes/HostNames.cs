namespace Rootcast.Images.Recipes;

/// <summary>Names of machines as hostname(7) has them: labels of letters, digits and inner hyphens; the kernel takes 64 bytes.</summary>
public static class HostNames
{
    /// <summary>What to do about one that is not valid.</summary>
    public const string Hint = "Use letters, digits and inner hyphens, with dots between labels, at most 64 characters.";

    /// <summary>Whether it is one.</summary>
    public static bool IsValid(string name) =>
        name.Length <= 64
        && name.Split('.').All(label => label.Length > 0 && label[0] != '-' && label[^1] != '-' && label.All(IsHostLetter));

    private static bool IsHostLetter(char c) => char.IsAsciiLetterOrDigit(c) || c == '-';
}
