using Rootcast.Server.Content;
using Rootcast.Server.Ipxe;

namespace Rootcast.Tests;

public sealed class IpxeProgramsTests : IDisposable
{
    private readonly DirectoryInfo package = Directory.CreateTempSubdirectory("rootcast-ipxe-");

    public void Dispose() => package.Delete(recursive: true);

    /// <summary>512 machines that load one at the same time share its memory.</summary>
    [Fact]
    public void AllWhoLoadAProgramShareItsBytes()
    {
        Write(IpxePrograms.Bios, [1, 2, 3]);
        IpxePrograms programs = new(package.FullName);
        Assert.Same(programs.Find("/" + IpxePrograms.Bios), programs.Find("/" + IpxePrograms.Bios));
        Assert.Null(programs.Find("/" + IpxePrograms.Efi));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void APackagesNextVersionIsServedAndWhoHasBegunKeepsTheFormer(bool isLink)
    {
        string file = isLink ? "elsewhere" : IpxePrograms.EfiFirmwareDriver;
        Write(file, [1, 2, 3]);
        if (isLink)
        {
            File.CreateSymbolicLink(Path.Combine(package.FullName, IpxePrograms.EfiFirmwareDriver), file);
        }
        IpxePrograms programs = new(package.FullName);
        ServedContent former = programs.Find(IpxePrograms.EfiFirmwareDriver)!;
        Write(file, [4, 5, 6]);
        File.SetLastWriteTimeUtc(Path.Combine(package.FullName, file), DateTime.UnixEpoch);
        ServedContent next = programs.Find(IpxePrograms.EfiFirmwareDriver)!;
        Assert.Equal([1, 2, 3], former.Parts[0].Bytes.ToArray());
        Assert.Equal([4, 5, 6], next.Parts[0].Bytes.ToArray());
        Assert.NotEqual(former.Tag, next.Tag);
        Assert.Equal("application/efi", next.ContentType);
    }

    private void Write(string name, byte[] bytes) => File.WriteAllBytes(Path.Combine(package.FullName, name), bytes);
}
