using System.Runtime.InteropServices;
using System.Text;
using static Rootcast.Linux.Block.DeviceMapperLayout;

namespace Rootcast.Linux.Block;

/// <summary>The buffer of a device-mapper call: header, then targets. No system calls.</summary>
internal static unsafe class DeviceMapperMessage
{
    private const int Alignment = 8;

    /// <summary>A message about a device, with room for an answer.</summary>
    /// <param name="name">1 to 127 bytes, without a slash.</param>
    /// <param name="flags">DM_*_FLAG.</param>
    /// <param name="targets">Lines of a table.</param>
    /// <param name="room">Bytes of the buffer at least.</param>
    internal static byte[] Write(string name, uint flags, IReadOnlyList<MappedTarget> targets, int room = 0)
    {
        byte[] nameBytes = Encoding.UTF8.GetBytes(name);
        if (nameBytes.Length is 0 or >= DM_NAME_LEN || nameBytes.AsSpan().ContainsAny((byte)'/', (byte)0))
        {
            throw new ArgumentException($"'{name}' is no name for a mapped device", nameof(name));
        }
        int length = sizeof(HeaderLayout);
        foreach (MappedTarget target in targets)
        {
            length += TargetBytes(target);
        }
        byte[] message = new byte[Math.Max(length, room)];
        ref HeaderLayout header = ref MemoryMarshal.AsRef<HeaderLayout>(message.AsSpan());
        header.version[0] = 4;
        header.data_size = (uint)message.Length;
        header.data_start = (uint)sizeof(HeaderLayout);
        header.target_count = (uint)targets.Count;
        header.flags = flags;
        fixed (byte* place = header.name)
        {
            nameBytes.CopyTo(new Span<byte>(place, DM_NAME_LEN));
        }
        Span<byte> rest = message.AsSpan(sizeof(HeaderLayout));
        foreach (MappedTarget target in targets)
        {
            WriteTarget(rest, target);
            rest = rest[TargetBytes(target)..];
        }
        return message;
    }

    /// <summary>The header of an answer.</summary>
    internal static HeaderLayout Header(byte[] message) => MemoryMarshal.Read<HeaderLayout>(message);

    /// <summary>The targets of an answer.</summary>
    /// <exception cref="InvalidDataException">A length in it leads outside.</exception>
    internal static IReadOnlyList<MappedTarget> ReadTargets(ReadOnlySpan<byte> message)
    {
        if (message.Length < sizeof(HeaderLayout))
        {
            throw new InvalidDataException($"a device-mapper answer of {message.Length} bytes has no header");
        }
        HeaderLayout header = MemoryMarshal.Read<HeaderLayout>(message);
        long start = header.data_start;
        long end = Math.Min(header.data_size, message.Length);
        long at = start;
        List<MappedTarget> targets = [];
        for (uint i = 0; i < header.target_count; i++)
        {
            if (at < sizeof(HeaderLayout) || at > end - sizeof(TargetLayout))
            {
                throw new InvalidDataException($"target {i} of a device-mapper answer stands at {at}, outside of its {end} bytes");
            }
            TargetLayout target = MemoryMarshal.Read<TargetLayout>(message[(int)at..]);
            ReadOnlySpan<byte> text = message[(int)(at + sizeof(TargetLayout))..(int)end];
            targets.Add(
                new MappedTarget(
                    (long)target.sector_start,
                    (long)target.length,
                    Text(new ReadOnlySpan<byte>(target.target_type, DM_MAX_TYPE_NAME)),
                    Text(text)
                )
            );
            // In answers the distance counts from the first target, not from this one.
            at = start + target.next;
        }
        return targets;
    }

    private static int TargetBytes(MappedTarget target) =>
        (sizeof(TargetLayout) + Encoding.UTF8.GetByteCount(target.Text) + 1 + Alignment - 1) / Alignment * Alignment;

    private static void WriteTarget(Span<byte> place, MappedTarget target)
    {
        byte[] type = Encoding.UTF8.GetBytes(target.Type);
        if (type.Length is 0 or >= DM_MAX_TYPE_NAME)
        {
            throw new ArgumentException($"'{target.Type}' is no type of a target", nameof(target));
        }
        ref TargetLayout raw = ref MemoryMarshal.AsRef<TargetLayout>(place);
        raw.sector_start = (ulong)target.Start;
        raw.length = (ulong)target.Length;
        raw.next = (uint)TargetBytes(target);
        fixed (byte* name = raw.target_type)
        {
            type.CopyTo(new Span<byte>(name, DM_MAX_TYPE_NAME));
        }
        Encoding.UTF8.GetBytes(target.Text, place[sizeof(TargetLayout)..]);
    }

    private static string Text(ReadOnlySpan<byte> field)
    {
        int end = field.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? field : field[..end]);
    }
}
