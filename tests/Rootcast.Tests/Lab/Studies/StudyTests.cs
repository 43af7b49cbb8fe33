using System.Text;
using Rootcast.Contract;
using Rootcast.Images.Recipes;
using Rootcast.Lab.Measuring;
using Rootcast.Lab.Studies;

namespace Rootcast.Tests;

public class StudyTests
{
    public static TheoryData<string> Names => [.. Study.All.Select(study => study.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void ItsRecipeIsOneThatCastsItsForms(string name)
    {
        Study study = Study.Of(name)!;
        Recipe recipe = Recipe.Parse(Encoding.UTF8.GetBytes(study.Recipe("bookworm")), name);
        Assert.Equal(study.ImageName, recipe.Name);
        Assert.Equal(study.Forms, recipe.Forms);
    }

    [Fact]
    public void TheImageOfTheOldRootHasFourGigabytes()
    {
        Recipe recipe = Recipe.Parse(Encoding.UTF8.GetBytes(new TmpfsVsImage().Recipe("bookworm")), "study");
        Assert.Equal(4L << 30, recipe.Options.Ramdisk.Bytes);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ItsReportHasThePublishedFiguresBesideTheNewOnes(string name)
    {
        Study study = Study.Of(name)!;
        string page = StudyReport.Of(ResultOf(study))!;
        string[] published = name == "live-vs-disk" ? ["205", "626", "192", "1200"] : ["7956", "4272", "1179", "853", "2547"];
        foreach (string figure in published)
        {
            Assert.Contains($" {figure} ", page, StringComparison.Ordinal);
        }
        // What a cell said, and that its times are of an emulation.
        Assert.Contains(name == "live-vs-disk" ? "| 300 |" : "| 2048 |", page, StringComparison.Ordinal);
        Assert.Contains("TCG", page, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
        Assert.Contains("Why it differs", page, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void AStudyThatWasCutShortHasAReportOfWhatIsThere(string name)
    {
        MeasureResult whole = ResultOf(Study.Of(name)!);
        string page = StudyReport.Of(whole with { Done = [whole.Done[0]] })!;
        Assert.Contains(" - ", page, StringComparison.Ordinal);
        Assert.Null(StudyReport.Of(whole with { Done = [] }));
        Assert.Null(StudyReport.Of(whole with { Study = null }));
    }

    [Fact]
    public void DifferencesAreByOwnerAndTheSmallOnesAreOne()
    {
        StudyFigures figures = new(ResultOf(new LiveVsDisk()));
        IReadOnlyList<OwnerDifference> rows = StudyFigures.Differences(
            figures.Find(Form.Livefs, Carrier.Http)!,
            figures.Find(Form.Disk, Carrier.Disk)!,
            "ready",
            1 << 20
        );
        Assert.Equal(["squashfs /run/image", "ext4 /", "all that differ by less"], rows.Select(row => row.Owner));
        Assert.Equal((90L << 20, 0), (rows[0].One, rows[0].Other));
        Assert.Equal(-20L << 20, rows[1].More);
        Assert.Equal(0, rows[2].More);
    }

    private static MeasureResult ResultOf(Study study)
    {
        List<MeasureCell> cells = [];
        foreach (Form form in study.Forms)
        {
            foreach (Carrier carrier in study.Carriers)
            {
                if (FormCarriers.Fit(form, carrier))
                {
                    cells.Add(new MeasureCell(Rootcast.Contract.Names.Of(form), Rootcast.Contract.Names.Of(carrier), study.MemoryBytes));
                }
            }
        }
        return Measured.Result(cells.Count, 1) with
        {
            Study = study.Name,
            Cells = cells,
            Done = [.. cells.Select((cell, i) => RunOf(cell, i))],
        };
    }

    private static MeasuredRun RunOf(MeasureCell cell, int number)
    {
        const long mebibyte = 1 << 20;
        MeasuredOwner[] rows =
            cell.Form == "disk"
                ? [new("ext4 /", "cached files", 60 * mebibyte, true), new("kernel", "slab", 10 * mebibyte, false)]
                :
                [
                    new("squashfs /run/image", "image in memory", 90 * mebibyte, false),
                    new("ext4 /", "cached files", 40 * mebibyte, true),
                    new("kernel", "slab", 10 * mebibyte, false),
                ];
        return new MeasuredRun
        {
            Cell = number,
            Round = 1,
            Started = DateTimeOffset.UnixEpoch,
            Succeeded = true,
            Delivery = new MeasuredDelivery(14_000_000, 4_000_000, 0, 0, 200_000_000),
            Memory = [Point("ready", 300), Point("read", 500), Point("workload", 400)],
            LeastFreeBytes = 1000 * mebibyte,
            LeastAvailableBytes = 1100 * mebibyte,
            Steps = [new MeasuredStep("write", 1000, 2000 * mebibyte, 0), new MeasuredStep("sync", 24, 0, 0)],
            Footprints = [new MeasuredFootprint("ready", 300 * mebibyte, 0, rows), new MeasuredFootprint("read", 500 * mebibyte, 0, rows)],
        };

        MemoryPoint Point(string name, long used) =>
            new(name, 2048 * mebibyte, (2048 - used) * mebibyte, 1800 * mebibyte, 0, 0, 200 * mebibyte, mebibyte, 100 * mebibyte, 0);
    }
}
