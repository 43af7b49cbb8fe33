using System.Runtime.InteropServices;

namespace Rootcast.Linux.Libraries;

/// <summary>Raw imports of libzstd (zstd.h, the stable part). Published programs link the static library; others load libzstd.so.1.</summary>
internal static unsafe partial class ZstdLibrary
{
    internal const string Name = "libzstd";

    [LibraryImport(Name)]
    internal static partial nint ZSTD_createDStream();

    [LibraryImport(Name)]
    internal static partial nuint ZSTD_freeDStream(nint stream);

    [LibraryImport(Name)]
    internal static partial nuint ZSTD_DCtx_setParameter(nint stream, int parameter, int value);

    [LibraryImport(Name)]
    internal static partial nuint ZSTD_decompressStream(nint stream, OutBuffer* output, InBuffer* input);

    [LibraryImport(Name)]
    internal static partial nint ZSTD_createCCtx();

    [LibraryImport(Name)]
    internal static partial nuint ZSTD_freeCCtx(nint stream);

    [LibraryImport(Name)]
    internal static partial nuint ZSTD_CCtx_setParameter(nint stream, int parameter, int value);

    [LibraryImport(Name)]
    internal static partial nuint ZSTD_compressStream2(nint stream, OutBuffer* output, InBuffer* input, int directive);

    [LibraryImport(Name)]
    internal static partial uint ZSTD_isError(nuint code);

    [LibraryImport(Name)]
    internal static partial byte* ZSTD_getErrorName(nuint code);

    internal static string Describe(nuint code) => Marshal.PtrToStringUTF8((nint)ZSTD_getErrorName(code)) ?? "unknown error";

    /// <summary>ZSTD_outBuffer.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct OutBuffer
    {
        internal byte* dst;
        internal nuint size;
        internal nuint pos;
    }

    /// <summary>ZSTD_inBuffer.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct InBuffer
    {
        internal byte* src;
        internal nuint size;
        internal nuint pos;
    }
}
