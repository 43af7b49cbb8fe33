namespace Rootcast.Images.Initramfs;

/// <summary>The static <c>/init</c> program that goes into every initramfs. The command line carries it as data; a checkout has it as a file.</summary>
/// <param name="bytes">The ELF file.</param>
public sealed class InitProgram(ReadOnlyMemory<byte> bytes)
{
    /// <summary>The ELF file.</summary>
    public ReadOnlyMemory<byte> Bytes { get; } = bytes;

    /// <summary>Reads it from a file.</summary>
    public static InitProgram FromFile(string path) => new(File.ReadAllBytes(path));
}
