using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Rootcast.Linux.Files;
using Rootcast.Linux.Libraries;
using Rootcast.Linux.Native;

namespace Rootcast.Linux.Modules;

/// <summary>finit_module(2). Compressed modules go to the kernel as they are where it can decompress (CONFIG_MODULE_DECOMPRESS);
/// <c>.zst</c> is decompressed here otherwise.</summary>
public static unsafe class KernelModules
{
    private const int CompressedFile = 4;

    private static nint LoadByDescriptor => RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 273 : 313;

    private static nint LoadByBytes => RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 105 : 175;

    /// <summary>Loads a module file; one that is loaded already is fine.</summary>
    /// <param name="path">The <c>.ko</c>, <c>.ko.xz</c>, <c>.ko.zst</c> or <c>.ko.gz</c>.</param>
    /// <param name="arguments">Parameters of the module.</param>
    /// <returns>False when it was loaded already.</returns>
    public static bool Load(string path, string arguments = "")
    {
        bool compressed = !path.EndsWith(".ko", StringComparison.Ordinal);
        int errno = LoadFile(path, arguments, compressed ? CompressedFile : 0);
        // Kernels before 5.17 refuse the flag, later ones without the option (or of another compression) say "not supported".
        if (compressed && errno is Errno.Invalid or Errno.NotSupported && path.EndsWith(".zst", StringComparison.Ordinal))
        {
            errno = LoadDecompressed(path, arguments);
        }
        return errno switch
        {
            0 => true,
            Errno.Exists => false,
            _ => throw Syscall.Failed("load module", path, errno),
        };
    }

    private static int LoadFile(string path, string arguments, int flags)
    {
        using SafeFileHandle file = FileNodes.Open(path, OpenFlags.ReadOnly);
        fixed (byte* text = new CString(Encoding.UTF8.GetBytes(arguments), stackalloc byte[256]))
        {
            long result = Libc.syscall(LoadByDescriptor, file.DangerousGetHandle(), (nint)text, flags, 0, 0, 0);
            return result < 0 ? Marshal.GetLastPInvokeError() : 0;
        }
    }

    private static int LoadDecompressed(string path, string arguments)
    {
        using ZstdDecompressStream module = new(new DescriptorStream(FileNodes.Open(path, OpenFlags.ReadOnly), path));
        byte[] image = new byte[256 * 1024];
        int filled = 0;
        while (module.Read(image.AsSpan(filled)) is var got and > 0)
        {
            filled += got;
            if (filled == image.Length)
            {
                Array.Resize(ref image, image.Length * 2);
            }
        }
        fixed (byte* bytes = image)
        fixed (byte* text = new CString(Encoding.UTF8.GetBytes(arguments), stackalloc byte[256]))
        {
            return Libc.syscall(LoadByBytes, (nint)bytes, filled, (nint)text, 0, 0, 0) < 0 ? Marshal.GetLastPInvokeError() : 0;
        }
    }
}
