using System.Runtime.InteropServices;
using System.Text;

namespace Rootcast.Linux.Native;

/// <summary>A NULL-ended array of C strings (argv, environ) in native memory.</summary>
internal sealed unsafe class CStringArray : IDisposable
{
    private readonly byte** strings;

    internal CStringArray(IReadOnlyList<string> texts)
    {
        strings = (byte**)NativeMemory.AllocZeroed((nuint)texts.Count + 1, (nuint)sizeof(byte*));
        for (int i = 0; i < texts.Count; i++)
        {
            int length = Encoding.UTF8.GetByteCount(texts[i]);
            strings[i] = (byte*)NativeMemory.AllocZeroed((nuint)length + 1);
            Encoding.UTF8.GetBytes(texts[i], new Span<byte>(strings[i], length));
        }
    }

    internal byte** Pointer => strings;

    public void Dispose()
    {
        for (byte** text = strings; *text != null; text++)
        {
            NativeMemory.Free(*text);
        }
        NativeMemory.Free(strings);
    }
}
