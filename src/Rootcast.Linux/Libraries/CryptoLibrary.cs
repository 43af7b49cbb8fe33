using System.Runtime.InteropServices;

namespace Rootcast.Linux.Libraries;

/// <summary>Raw imports of libcrypto: the low-level SHA-256, whose objects link alone, without OpenSSL's providers.</summary>
internal static unsafe partial class CryptoLibrary
{
    internal const string Name = "libcrypto";

    [LibraryImport(Name)]
    internal static partial int SHA256_Init(void* context);

    [LibraryImport(Name)]
    internal static partial int SHA256_Update(void* context, byte* data, nuint length);

    [LibraryImport(Name)]
    internal static partial int SHA256_Final(byte* digest, void* context);
}
