using System.Globalization;
using System.Text;

namespace Rootcast.Tests;

/// <summary>Finds a file as the kernel does before it can unpack anything (find_cpio_data() in lib/earlycpio.c): it reads headers from the very beginning, passes over
/// NULs, and stops at the first thing that is no header.</summary>
internal static class EarlyCpio
{
    private const int HeaderLength = 110;

    /// <summary>The kernel warns about names that go on for so many bytes behind what it looks for.</summary>
    private const int LongestRest = 18;

    public static byte[]? Find(byte[] initrd, string path)
    {
        int at = 0;
        while (initrd.Length - at > HeaderLength)
        {
            if (initrd[at] == 0)
            {
                at += 4;
                continue;
            }
            if (Field(initrd, at, 0, 6) is not (0x070701 or 0x070702))
            {
                return null;
            }
            long nameSize = Field(initrd, at, 94);
            long size = Field(initrd, at, 54);
            long data = Aligned(at + HeaderLength + nameSize);
            long next = Aligned(data + size);
            if (next > initrd.Length)
            {
                return null;
            }
            const long typeMask = 0xF000;
            const long regular = 0x8000;
            string name = Encoding.ASCII.GetString(initrd, at + HeaderLength, (int)nameSize - 1);
            if ((Field(initrd, at, 14) & typeMask) == regular && name.StartsWith(path, StringComparison.Ordinal))
            {
                Assert.True(nameSize - path.Length < LongestRest, $"the kernel would warn about the name of {path}");
                return initrd[(int)data..(int)(data + size)];
            }
            at = (int)next;
        }
        return null;
    }

    private static long Field(byte[] bytes, int at, int offset, int length = 8) =>
        long.TryParse(
            Encoding.ASCII.GetString(bytes, at + offset, length),
            NumberStyles.AllowHexSpecifier,
            CultureInfo.InvariantCulture,
            out long value
        )
            ? value
            : -1;

    private static long Aligned(long position) => (position + 3) & -4;
}
