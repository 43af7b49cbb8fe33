using System.Security.Cryptography;
using System.Text;

namespace Rootcast.Images.Forms;

/// <summary>Identifiers that are the same for the same thing, and keep two things on one machine apart.</summary>
internal static class FixedUuid
{
    /// <summary>A UUID (RFC 9562 version 8, of our own making) of what a text describes.</summary>
    public static Guid Of(string text)
    {
        byte[] bytes = SHA256.HashData(Encoding.UTF8.GetBytes(text))[..16];
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
