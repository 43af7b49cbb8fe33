using System.Runtime.InteropServices;
using System.Text;

namespace Rootcast.Images.Tools;

/// <summary>A program's standard error: shown by lines as it comes, the last of it kept.</summary>
internal sealed class ToolErrors(Action<string>? line)
{
    private const int LongestLine = 4096;
    private readonly List<byte> current = [];
    private byte[] kept = [];

    /// <summary>What is kept.</summary>
    internal string Text => Encoding.UTF8.GetString(kept);

    /// <summary>Reads to the end.</summary>
    internal async Task ReadAsync(Stream stream)
    {
        byte[] buffer = new byte[8192];
        while (await stream.ReadAsync(buffer) is var got and > 0)
        {
            Keep(buffer.AsSpan(0, got));
            if (line is not null)
            {
                Split(buffer.AsSpan(0, got));
            }
        }
        Emit();
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        int drop = Math.Max(0, kept.Length + bytes.Length - Tool.LongestErrors);
        kept = [.. kept.AsSpan(Math.Min(drop, kept.Length)), .. bytes];
    }

    private void Split(ReadOnlySpan<byte> bytes)
    {
        foreach (byte one in bytes)
        {
            // Progress bars end their lines with a carriage return.
            if (one is (byte)'\n' or (byte)'\r' || current.Count == LongestLine)
            {
                Emit();
            }
            if (one is not ((byte)'\n' or (byte)'\r'))
            {
                current.Add(one);
            }
        }
    }

    private void Emit()
    {
        if (current.Count > 0)
        {
            line?.Invoke(Encoding.UTF8.GetString(CollectionsMarshal.AsSpan(current)));
            current.Clear();
        }
    }
}
