namespace Rootcast.Formats.Cpio;

/// <summary>A member whose end only its decompressor can tell.</summary>
internal class RestStream(ByteSource source) : MemberStream(source)
{
    /// <inheritdoc/>
    public override void PassMember() => Commit();

    protected override long NextPart() => long.MaxValue;
}
