namespace Rootcast.Images.Store;

/// <summary>Names of images in a store: the grammar of <c>org.opencontainers.image.ref.name</c> in lower case, at most 128 characters.</summary>
public static class ImageTag
{
    private const int Longest = 128;
    private const string Separators = "-._:@+";

    /// <summary>Whether the text can name an image: lower-case letters and digits, single separators <c>- . _ : @ + /</c> between them.</summary>
    public static bool IsValid(string text)
    {
        if (text.Length is 0 or > Longest || !IsWord(text[0]) || !IsWord(text[^1]))
        {
            return false;
        }
        for (int i = 1; i < text.Length; i++)
        {
            if (!IsWord(text[i]) && !((Separators.Contains(text[i]) || text[i] == '/') && IsWord(text[i - 1])))
            {
                return false;
            }
        }
        // It would be taken for a digest.
        return !text.StartsWith("sha256:", StringComparison.Ordinal);
    }

    private static bool IsWord(char c) => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c);
}
