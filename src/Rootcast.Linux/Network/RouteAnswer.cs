using System.Buffers.Binary;

namespace Rootcast.Linux.Network;

/// <summary>Finds the kernel's answer to a request among netlink messages.</summary>
internal static class RouteAnswer
{
    /// <summary>The errno of the answer, 0 for done; null when it is not among these messages.</summary>
    internal static int? Find(ReadOnlySpan<byte> messages, uint sequence)
    {
        while (messages.Length >= RouteLayout.HeaderBytes)
        {
            long length = BinaryPrimitives.ReadUInt32LittleEndian(messages);
            if (length < RouteLayout.HeaderBytes || length > messages.Length)
            {
                return null;
            }
            // struct nlmsgerr begins with the negative errno.
            if (
                BinaryPrimitives.ReadUInt16LittleEndian(messages[RouteLayout.TypeAt..]) == RouteLayout.NLMSG_ERROR
                && BinaryPrimitives.ReadUInt32LittleEndian(messages[RouteLayout.SequenceAt..]) == sequence
                && length >= RouteLayout.HeaderBytes + 4
            )
            {
                return -BinaryPrimitives.ReadInt32LittleEndian(messages[RouteLayout.HeaderBytes..]);
            }
            messages = messages[Math.Min(RouteLayout.Align((int)length), messages.Length)..];
        }
        return null;
    }
}
