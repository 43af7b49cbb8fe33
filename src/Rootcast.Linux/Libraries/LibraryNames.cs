using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Rootcast.Linux.Libraries;

/// <summary>Where the just-in-time compiled programs (tests, daily work) find libzstd, libcrypto and Mbed TLS: the run-time libraries have a version in
/// their names. Published programs have what they use linked in, and never come here.</summary>
internal static class LibraryNames
{
    /// <summary>Called by everything that is about to use a library; the first call installs the resolver.</summary>
    internal static void Use()
    {
        if (RuntimeFeature.IsDynamicCodeSupported)
        {
            RuntimeHelpers.RunClassConstructor(typeof(Resolver).TypeHandle);
        }
    }

    private static class Resolver
    {
        static Resolver() => NativeLibrary.SetDllImportResolver(typeof(LibraryNames).Assembly, Resolve);

        private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
        {
            // Several: Debian 12's and Debian 13's.
            string[] files = name switch
            {
                ZstdLibrary.Name => ["libzstd.so.1"],
                CryptoLibrary.Name => ["libcrypto.so.3"],
                TlsLibrary.Name => ["libmbedtls.so.14", "libmbedtls.so.21"],
                TlsLibrary.CertificateName => ["libmbedx509.so.1", "libmbedx509.so.7"],
                _ => [],
            };
            foreach (string file in files)
            {
                if (NativeLibrary.TryLoad(file, out nint library))
                {
                    return library;
                }
            }
            return 0;
        }
    }
}
