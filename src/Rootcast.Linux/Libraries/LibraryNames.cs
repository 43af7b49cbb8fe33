using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Rootcast.Linux.Libraries;

/// <summary>Where the just-in-time compiled programs (tests, daily work) find libzstd and libcrypto: the run-time libraries have a version in
/// their names. Published programs have both linked in, and never come here.</summary>
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
            string? file = name switch
            {
                ZstdLibrary.Name => "libzstd.so.1",
                CryptoLibrary.Name => "libcrypto.so.3",
                _ => null,
            };
            return file is not null && NativeLibrary.TryLoad(file, out nint library) ? library : 0;
        }
    }
}
