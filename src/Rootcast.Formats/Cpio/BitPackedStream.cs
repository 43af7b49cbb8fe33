namespace Rootcast.Formats.Cpio;

/// <summary>A member of bzip2 or lzma, which nobody can see the end of: it goes up to the next header of a bare archive. All its bytes come out of a coder, so
/// they never look like a header's 110 digits.</summary>
internal sealed class BitPackedStream(ByteSource source) : RestStream(source)
{
    protected override long NextPart()
    {
        bool more = Source.Ensure(CpioLayout.HeaderLength);
        ReadOnlySpan<byte> window = Source.Buffered;
        if (!more)
        {
            return window.Length;
        }
        int last = window.Length - CpioLayout.HeaderLength;
        for (int at = (int)(-Source.Position & (CpioLayout.Alignment - 1)); at <= last; at += CpioLayout.Alignment)
        {
            ReadOnlySpan<byte> bytes = window.Slice(at, CpioLayout.HeaderLength);
            if (
                bytes[0] == (byte)'0'
                && (bytes.StartsWith(CpioLayout.Magic) || bytes.StartsWith(CpioLayout.MagicWithCheck))
                && CpioHeader.TryRead(bytes, hasCheck: false, out _) is null
            )
            {
                return at;
            }
        }
        return last + 1;
    }
}
