namespace Rootcast.Formats.Cpio;

/// <summary>Opens a compressed member of an initrd.</summary>
/// <param name="compression">Never <see cref="InitrdCompression.None"/> or <see cref="InitrdCompression.Gzip"/>, which the reader does itself.</param>
/// <param name="compressed">The member. Of zstd and lz4 it ends where the member ends; of the others with the initrd, so a decompressor that has read
/// too much gives the surplus of its last read back by <c>Seek(-count, SeekOrigin.Current)</c>. Must not be closed.</param>
/// <returns>The unpacked bytes, which the reader closes; null when it can't be opened.</returns>
public delegate Stream? InitrdDecompressor(InitrdCompression compression, Stream compressed);
