using Rootcast.Contract;
using Rootcast.Init.Carriers;

namespace Rootcast.Tests;

public class UnpackedTreeTests
{
    private const long Mega = 1L << 20;
    private static readonly ArtefactIdentity Artefact = new("sha256:" + new string('a', 64), 100 * Mega, 331 * Mega);

    [Fact]
    public void EveryNameMustBeThere()
    {
        string mark = System.Text.Encoding.ASCII.GetString(new UnpackedMark(12_000, 331 * Mega).ToBytes());
        KernelUnpackedTree.Check(mark, 12_000, Artefact, 400 * Mega, 800 * Mega);
        UserError error = Assert.Throws<UserError>(() => KernelUnpackedTree.Check(mark, 11_999, Artefact, 400 * Mega, 800 * Mega));
        Assert.Contains("11999 names are there, not 12000", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(240L, 512L, "The tree takes 331 MiB there. The rootfs may take 240 MiB of this machine's 512 MiB", "at least 826 MiB")]
    [InlineData(null, 450L, "The machine has 450 MiB", "at least 495 MiB")]
    public void ATreeThatWasCutIsToldWithTheMemoryThatItNeeds(long? bound, long memory, string message, string hint)
    {
        UserError error = Assert.Throws<UserError>(() => KernelUnpackedTree.Check(null, 5_000, Artefact, bound * Mega, memory * Mega));
        Assert.Contains("5000 names are there, not all", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains(hint, error.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("12000")]
    [InlineData("12000 -1")]
    [InlineData("12000 1 1")]
    [InlineData("all of them")]
    public void AMarkThatIsNoneCountsAsAbsent(string mark) =>
        Assert.Throws<UserError>(() => KernelUnpackedTree.Check(mark, 12_000, null, null, 800 * Mega));
}
