using System.Buffers.Binary;
using System.Text;

namespace Rootcast.Formats.Zfs;

/// <summary>A list of names and values as ZFS writes it to disks: nvlist in XDR encoding (libnvpair(3), RFC 4506). Numbers, texts and lists are kept, the rest is passed
/// over.</summary>
public sealed class NamedValues
{
    private const int DeepestList = 16;
    private const int MostLists = 4096;
    private const int HeaderBytes = 4;
    private const byte Xdr = 1;

    // sys/nvpair.h
    private const uint TypeUInt64 = 8;
    private const uint TypeText = 9;
    private const uint TypeList = 19;
    private const uint TypeLists = 20;

    private readonly Dictionary<string, object> values = new(StringComparer.Ordinal);

    private NamedValues() { }

    /// <summary>Reads a list.</summary>
    /// <param name="bytes">Begins with its header; what follows the list is not looked at.</param>
    /// <exception cref="InvalidDataException">It is none, or ends before it should.</exception>
    public static NamedValues Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderBytes || bytes[0] != Xdr)
        {
            throw new InvalidDataException("offset 0: no list of names and values in XDR encoding");
        }
        int at = HeaderBytes;
        int lists = 0;
        return ReadList(bytes, ref at, ref lists, depth: 0);
    }

    /// <summary>A number; null where there is none of that name.</summary>
    public ulong? Number(string name) => values.TryGetValue(name, out object? value) && value is ulong number ? number : null;

    /// <summary>A text.</summary>
    public string? Text(string name) => values.TryGetValue(name, out object? value) ? value as string : null;

    /// <summary>A list.</summary>
    public NamedValues? List(string name) => values.TryGetValue(name, out object? value) ? value as NamedValues : null;

    /// <summary>Several lists.</summary>
    public IReadOnlyList<NamedValues>? Lists(string name) => values.TryGetValue(name, out object? value) ? value as NamedValues[] : null;

    private static NamedValues ReadList(ReadOnlySpan<byte> bytes, ref int at, ref int lists, int depth)
    {
        if (depth > DeepestList || ++lists > MostLists)
        {
            throw new InvalidDataException($"offset {at}: more lists in lists than any label has");
        }
        NamedValues list = new();
        at += 2 * sizeof(uint); // version, flags
        while (true)
        {
            int begin = at;
            uint length = Word(bytes, ref at);
            uint unpacked = Word(bytes, ref at);
            if (length == 0 && unpacked == 0)
            {
                return list;
            }
            if (length > bytes.Length - begin)
            {
                throw new InvalidDataException($"offset {begin}: a value of {length} bytes, and {bytes.Length - begin} are left");
            }
            string name = TextOf(bytes, ref at);
            uint type = Word(bytes, ref at);
            uint count = Word(bytes, ref at);
            object? value = type switch
            {
                TypeUInt64 => ((ulong)Word(bytes, ref at) << 32) | Word(bytes, ref at),
                TypeText => TextOf(bytes, ref at),
                TypeList => ReadList(bytes, ref at, ref lists, depth + 1),
                TypeLists => ReadLists(bytes, ref at, ref lists, depth + 1, count),
                _ => null,
            };
            if (value is not null)
            {
                list.values[name] = value;
            }
            if (at - begin > length)
            {
                throw new InvalidDataException($"offset {begin}: '{name}' is longer than it says");
            }
            at = begin + (int)length;
            if (at - begin < HeaderBytes)
            {
                throw new InvalidDataException($"offset {begin}: a value of {length} bytes");
            }
        }
    }

    private static NamedValues[] ReadLists(ReadOnlySpan<byte> bytes, ref int at, ref int lists, int depth, uint count)
    {
        if (count > MostLists)
        {
            throw new InvalidDataException($"offset {at}: {count} lists");
        }
        List<NamedValues> all = [];
        for (uint i = 0; i < count; i++)
        {
            all.Add(ReadList(bytes, ref at, ref lists, depth));
        }
        return [.. all];
    }

    private static string TextOf(ReadOnlySpan<byte> bytes, ref int at)
    {
        uint length = Word(bytes, ref at);
        if (length > bytes.Length - at)
        {
            throw new InvalidDataException($"offset {at}: a text of {length} bytes, and {bytes.Length - at} are left");
        }
        string text = Encoding.UTF8.GetString(bytes.Slice(at, (int)length));
        at += (int)((length + 3) & ~3u);
        return text;
    }

    private static uint Word(ReadOnlySpan<byte> bytes, ref int at)
    {
        if (at < 0 || at > bytes.Length - sizeof(uint))
        {
            throw new InvalidDataException($"offset {at}: the list ends in the middle of a value");
        }
        uint word = BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
        at += sizeof(uint);
        return word;
    }
}
