using System.Text;
using Rootcast.Contract;
using Rootcast.Lab.Footprints;

namespace Rootcast.Tests;

public class FootprintFileTests
{
    private static readonly Footprint Sample = new()
    {
        UsedBytes = 1000,
        TotalBytes = 4000,
        RemainderBytes = 10,
        Rows =
        [
            new FootprintRow("squashfs /", RowKinds.CachedFiles, null, 700, Reclaimable: true),
            new FootprintRow("kernel", RowKinds.Slab, "kmalloc-64", 290, Reclaimable: false),
        ],
        Notes = ["nothing"],
    };

    [Fact]
    public void WhatIsWrittenIsReadBack()
    {
        Footprint read = FootprintFile.Parse(FootprintFile.Write(Sample));
        Assert.Equal(Sample.Rows, read.Rows);
        Assert.Equal(
            Sample with
            {
                Rows = read.Rows,
                Reserved = read.Reserved,
                Processes = read.Processes,
                Facts = read.Facts,
                Notes = read.Notes,
            },
            read
        );
    }

    [Fact]
    public void TheNamesAreTheAgreedOnes()
    {
        string json = Encoding.UTF8.GetString(FootprintFile.Write(Sample));
        foreach (string name in new[] { "usedBytes", "remainderBytes", "rows", "owner", "kind", "bytes", "reclaimable" })
        {
            Assert.Contains($"\"{name}\":", json, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void AnotherVersionIsRefused()
    {
        byte[] json = FootprintFile.Write(Sample with { Version = 2 });
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => FootprintFile.Parse(json));
        Assert.Contains("version 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFileThatIsCutShortIsRefusedWithItsPlace()
    {
        byte[] json = FootprintFile.Write(Sample);
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => FootprintFile.Parse(json.AsSpan(0, json.Length / 2)));
        Assert.StartsWith("line ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"usedBytes": 1, "remainderBytes": 0, "rows": null}""")]
    [InlineData("""{"usedBytes": 1, "remainderBytes": 0, "rows": [null]}""")]
    [InlineData("""{"usedBytes": 1, "remainderBytes": 0, "rows": [{"owner": null, "kind": "x", "bytes": 1, "reclaimable": true}]}""")]
    public void WhatIsNoFootprintIsRefused(string json) =>
        Assert.Throws<InvalidDataException>(() => FootprintFile.Parse(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void AMissingFileIsTheUsersToMend()
    {
        UserError error = Assert.Throws<UserError>(() => FootprintFile.Read("/nowhere/at-all.json"));
        Assert.Equal(UserErrorKind.Input, error.Kind);
    }

    [Fact]
    public void ReadsMutatedFilesWithoutFailing() => Fuzzing.Mutate(3000, FootprintFile.Write(Sample), json => FootprintFile.Parse(json));

    [Fact]
    public void ADifferenceHasWhatIsNewAndWhatIsGone()
    {
        Footprint after = Sample with
        {
            UsedBytes = 1200,
            Rows =
            [
                new FootprintRow("kernel", RowKinds.Slab, "kmalloc-64", 290, Reclaimable: false),
                new FootprintRow("tmpfs /run", RowKinds.MemoryFiles, null, 900, Reclaimable: false),
            ],
        };
        FootprintDifference difference = FootprintDifference.Between(Sample, after);
        Assert.Equal([("tmpfs /run", 900L), ("squashfs /", -700L)], difference.Rows.Select(row => (row.Owner, row.Change)));
    }
}
