namespace Rootcast.Images.Initrds;

/// <summary>Files that an initrd gets in addition, whoever made it.</summary>
public static class FilesSegment
{
    private const int Executable = 0x1ED; // 0755

    /// <summary>A segment of files, by absolute paths; each may be executed. No directory on the way may be a symbolic link in the initrd: the kernel would put a
    /// directory in its place.</summary>
    public static InitrdSegment Of(IReadOnlyDictionary<string, byte[]> files)
    {
        SegmentArchive archive = new();
        foreach ((string path, byte[] content) in files)
        {
            archive.AddFile(path, Executable, content);
        }
        return new InitrdSegment(SegmentKind.Node, archive.ToBytes());
    }
}
