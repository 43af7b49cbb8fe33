using Microsoft.Win32.SafeHandles;
using Rootcast.Linux.Files;

namespace Rootcast.Images.Disks;

/// <summary>Writes a file system image so that what is empty in it costs neither time nor space: blocks of zeros become holes of a new file, and
/// ranges that a device zeroes by itself.</summary>
/// <param name="target">A file or block device, open for writing.</param>
/// <param name="name">Its name, for errors.</param>
/// <param name="offset">Where the image begins in it: a multiple of <see cref="Block"/>.</param>
/// <param name="isEmpty">Whether the target has nothing but zeros there already, as a new file has.</param>
public sealed class SparseWriter(SafeFileHandle target, string name, long offset, bool isEmpty)
{
    /// <summary>What is looked at as a whole.</summary>
    public const int Block = 4096;

    // Below this, zeros are written: a call for each small gap would cost more.
    private const int LeastZeroRange = 256 << 10;

    private long _position = offset;
    private long _zerosFrom = offset;

    /// <summary>Writes what comes next, in pieces of whole blocks but for the last.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        int dataFrom = 0;
        for (int at = 0; at < bytes.Length; at += Block)
        {
            int end = Math.Min(at + Block, bytes.Length);
            if (!bytes[at..end].ContainsAnyExcept((byte)0))
            {
                WriteData(bytes[dataFrom..at]);
                dataFrom = end;
                _position += end - at;
            }
            else if (at == dataFrom)
            {
                FlushZeros();
            }
        }
        WriteData(bytes[dataFrom..]);
    }

    /// <summary>Writes what is still held back: the zeros at the end.</summary>
    public void Finish() => FlushZeros();

    private void WriteData(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }
        FileData.WriteAt(target, bytes, _position, name);
        _position += bytes.Length;
        _zerosFrom = _position;
    }

    private void FlushZeros()
    {
        long length = _position - _zerosFrom;
        if (length > 0 && !isEmpty)
        {
            long whole = length / Block * Block;
            if (length < LeastZeroRange || !FileData.TryZeroRange(target, _zerosFrom, whole, name))
            {
                whole = 0;
            }
            WriteZeros(_zerosFrom + whole, length - whole);
        }
        _zerosFrom = _position;
    }

    private void WriteZeros(long from, long length)
    {
        byte[] zeros = new byte[Math.Min(length, 1 << 20)];
        for (long done = 0; done < length; done += zeros.Length)
        {
            FileData.WriteAt(target, zeros.AsSpan(0, (int)Math.Min(zeros.Length, length - done)), from + done, name);
        }
    }
}
