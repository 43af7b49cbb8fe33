using System.Buffers.Binary;
using System.Text;

namespace Rootcast.Protocols.Tftp;

/// <summary>Writes TFTP packets.</summary>
public static class TftpWriter
{
    /// <summary>Bytes before a block's content.</summary>
    public const int DataHeadBytes = TftpLayout.ContentAt;

    /// <summary>The bytes of a packet.</summary>
    public static byte[] Write(TftpPacket packet)
    {
        MemoryStream bytes = new();
        switch (packet)
        {
            case TftpRequest request:
                Number(bytes, request.IsWrite ? TftpLayout.WriteRequest : TftpLayout.ReadRequest);
                Text(bytes, request.File);
                Text(bytes, request.Mode);
                Options(bytes, request.Options);
                break;
            case TftpData data:
                Number(bytes, TftpLayout.Data);
                Number(bytes, data.Block);
                bytes.Write(data.Content.Span);
                break;
            case TftpAcknowledgement acknowledgement:
                Number(bytes, TftpLayout.Acknowledgement);
                Number(bytes, acknowledgement.Block);
                break;
            case TftpError error:
                Number(bytes, TftpLayout.Error);
                Number(bytes, (ushort)error.Code);
                Text(bytes, error.Text);
                break;
            case TftpOptionAcknowledgement acknowledgement:
                Number(bytes, TftpLayout.OptionAcknowledgement);
                Options(bytes, acknowledgement.Options);
                break;
        }
        return bytes.ToArray();
    }

    /// <summary>Writes what stands before a block's content, <see cref="DataHeadBytes"/> bytes, so that the content can be read in behind it.</summary>
    public static void WriteDataHead(Span<byte> place, ushort block)
    {
        BinaryPrimitives.WriteUInt16BigEndian(place, TftpLayout.Data);
        BinaryPrimitives.WriteUInt16BigEndian(place[TftpLayout.BlockAt..], block);
    }

    private static void Options(MemoryStream bytes, IReadOnlyList<TftpOption> options)
    {
        foreach (TftpOption option in options)
        {
            Text(bytes, option.Name);
            Text(bytes, option.Value);
        }
    }

    private static void Number(MemoryStream bytes, ushort number)
    {
        bytes.WriteByte((byte)(number >> 8));
        bytes.WriteByte((byte)number);
    }

    private static void Text(MemoryStream bytes, string text)
    {
        bytes.Write(Encoding.ASCII.GetBytes(text));
        bytes.WriteByte(0);
    }
}
