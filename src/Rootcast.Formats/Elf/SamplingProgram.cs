using System.Buffers.Binary;

namespace Rootcast.Formats.Elf;

/// <summary>A program that copies the beginning of its standard input to its standard output, again and again: how much memory was free while a system
/// started, asked by something that takes one page of it itself.</summary>
public static class SamplingProgram
{
    /// <summary>The lines MemTotal, MemFree and MemAvailable of /proc/meminfo: each 16 characters, a number of 8 or more, <c> kB</c> and a newline.</summary>
    public const int MemoryLines = 3 * 28;

    /// <summary>How often memory is looked at until a system is ready, and how many times at most: for five minutes.</summary>
    private static readonly TimeSpan MemoryInterval = TimeSpan.FromMilliseconds(50);

    private const int MostMemorySamples = 6000;

    private const uint Read = 0;
    private const uint Write = 1;
    private const uint Seek = 8;
    private const uint Sleep = 35;
    private const uint Exit = 60;

    /// <summary>The program whose standard input is /proc/meminfo.</summary>
    public static byte[] OfMemory() => File(MemoryLines, MemoryInterval, MostMemorySamples);

    /// <summary>The executable file, for x86-64.</summary>
    /// <param name="bytes">How much is copied each time.</param>
    /// <param name="interval">Between two times; below a second.</param>
    /// <param name="times">How often, then it ends: nothing that watches a boot may stay for ever.</param>
    public static byte[] File(int bytes, TimeSpan interval, int times)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(interval, TimeSpan.FromSeconds(1));
        byte[] time = new byte[16];
        BinaryPrimitives.WriteInt64LittleEndian(time.AsSpan(8), interval.Ticks * 100);
        SystemCallProgram program = new();
        uint buffer = program.Data(new byte[bytes]);
        uint pause = program.Data(time);
        program.Repeat(
            (uint)times,
            () =>
            {
                program.Call(Seek);
                program.Call(Read, 0, buffer, (uint)bytes);
                program.Call(Write, 1, buffer, (uint)bytes);
                program.Call(Sleep, pause);
            }
        );
        program.Call(Exit);
        return program.ToFile();
    }
}
