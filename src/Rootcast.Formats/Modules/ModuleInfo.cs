using System.Text;
using Rootcast.Formats.Elf;

namespace Rootcast.Formats.Modules;

/// <summary>The <c>.modinfo</c> section of a module: <c>KEY=VALUE</c> records, each ended by NUL (include/linux/moduleparam.h).</summary>
public sealed class ModuleInfo
{
    private readonly List<(string Key, string Value)> _records = [];

    private ModuleInfo() { }

    /// <summary>Firmware files that the module may ask for, relative to the firmware directory.</summary>
    public IEnumerable<string> Firmware => All("firmware");

    /// <summary>Every value of a key, in order.</summary>
    public IEnumerable<string> All(string key) =>
        _records.Where(record => string.Equals(record.Key, key, StringComparison.Ordinal)).Select(record => record.Value);

    /// <summary>Reads it out of an uncompressed module.</summary>
    /// <exception cref="InvalidDataException">The file is no ELF file, or has no such section.</exception>
    public static ModuleInfo Read(ReadOnlyMemory<byte> module)
    {
        ReadOnlySpan<byte> section = (
            ElfFile.Read(module).Section(".modinfo") ?? throw new InvalidDataException("no .modinfo section: this is no kernel module")
        ).Span;
        ModuleInfo info = new();
        while (!section.IsEmpty)
        {
            int end = section.IndexOf((byte)0);
            ReadOnlySpan<byte> record = end < 0 ? section : section[..end];
            section = end < 0 ? [] : section[(end + 1)..];
            int equals = record.IndexOf((byte)'=');
            if (equals > 0)
            {
                info._records.Add((Encoding.UTF8.GetString(record[..equals]), Encoding.UTF8.GetString(record[(equals + 1)..])));
            }
        }
        return info;
    }
}
