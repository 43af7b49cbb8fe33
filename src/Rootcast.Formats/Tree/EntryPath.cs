namespace Rootcast.Formats.Tree;

/// <summary>Brings names out of archives into the form that <see cref="TreeEntry.Path"/> has.</summary>
public static class EntryPath
{
    /// <summary>Longest name that is read, with its NUL: the kernel's PATH_MAX.</summary>
    public const int MaximumLength = 4096;

    /// <summary>Drops a leading <c>/</c> or <c>./</c>, empty and <c>.</c> components and a trailing <c>/</c>. The root itself comes out empty.</summary>
    /// <returns>False when a component is <c>..</c>, when there is a NUL, or when the name is too long.</returns>
    public static bool TryNormalise(ReadOnlySpan<byte> raw, out UnixPath path)
    {
        path = default;
        if (raw.Length > MaximumLength || raw.Contains((byte)0))
        {
            return false;
        }
        Span<byte> clean = stackalloc byte[raw.Length <= 512 ? 512 : MaximumLength];
        int length = 0;
        while (!raw.IsEmpty)
        {
            int slash = raw.IndexOf((byte)'/');
            ReadOnlySpan<byte> component = slash < 0 ? raw : raw[..slash];
            raw = slash < 0 ? default : raw[(slash + 1)..];
            if (component.IsEmpty || component is [(byte)'.'])
            {
                continue;
            }
            if (component is [(byte)'.', (byte)'.'])
            {
                return false;
            }
            if (length > 0)
            {
                clean[length++] = (byte)'/';
            }
            component.CopyTo(clean[length..]);
            length += component.Length;
        }
        path = new UnixPath(clean[..length].ToArray());
        return true;
    }
}
