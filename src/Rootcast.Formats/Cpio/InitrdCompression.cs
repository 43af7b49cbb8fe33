namespace Rootcast.Formats.Cpio;

/// <summary>How a member of an initrd is compressed: the kinds that a kernel can be built to read (Linux, lib/decompress.c).</summary>
public enum InitrdCompression
{
    /// <summary>Not at all: a bare cpio archive.</summary>
    None,

    /// <summary>gzip, RFC 1952.</summary>
    Gzip,

    /// <summary>bzip2.</summary>
    Bzip2,

    /// <summary>The old format of LZMA Utils.</summary>
    Lzma,

    /// <summary>xz.</summary>
    Xz,

    /// <summary>LZO as lzop writes it.</summary>
    Lzo,

    /// <summary>lz4 in its legacy frame (<c>lz4 -l</c>).</summary>
    Lz4Legacy,

    /// <summary>zstd, RFC 8878.</summary>
    Zstd,
}
