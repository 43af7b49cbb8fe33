using Rootcast.Contract;
using Rootcast.Lab.Measuring;
using Rootcast.Lab.Reports;

namespace Rootcast.Tests;

public class ReportTests
{
    private const long Mebibyte = 1 << 20;

    [Fact]
    public void TimesUnderEmulationSaySoBesideEachColumn()
    {
        string page = MarkdownReport.Of(Measured.Result(withFailure: true));
        Assert.Contains("| ready, s (TCG) |", page, StringComparison.Ordinal);
        Assert.DoesNotContain(", s |", page, StringComparison.Ordinal);
        Assert.DoesNotContain(", MB/s |", page, StringComparison.Ordinal);
        MeasureResult real = Measured.Result() with { Host = Measured.Result().Host with { Accelerator = "KVM" } };
        Assert.DoesNotContain("TCG", MarkdownReport.Of(real).Replace("(there is", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void ARunThatFailedIsShownAndCountsInNoMedian()
    {
        MeasureResult result = Measured.Result(withFailure: true);
        string page = MarkdownReport.Of(result);
        Assert.Contains("## Runs that failed", page, StringComparison.Ordinal);
        Assert.Contains("init gave up; the last mark was 'artefact-found'", page, StringComparison.Ordinal);
        CellSummary cell = CellSummary.All(result)[1];
        Assert.Equal((1, 2), (cell.Failed, cell.Of(Metrics.Ready).Count));
        Assert.Contains(",no,failure,text,", CsvReport.Of(result), StringComparison.Ordinal);
    }

    [Fact]
    public void TextOfOthersIsNoMarkup()
    {
        string page = MarkdownReport.Of(Measured.Result());
        Assert.DoesNotContain("</script>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<processor>", page, StringComparison.Ordinal);
    }

    /// <summary>The page has three elements that text of others could end or open: two scripts and its own markup.</summary>
    [Fact]
    public void NothingOfOthersIsMarkupInThePage()
    {
        string page = HtmlReport.Of(Measured.Result());
        Assert.Equal(2, page.Split("</script>").Length - 1);
        Assert.DoesNotContain("<processor>", page, StringComparison.Ordinal);
        Assert.Contains("a &lt;processor&gt; &amp; co", page, StringComparison.Ordinal);
        Assert.Contains("overlay / &lt;/script&gt; &amp;", page, StringComparison.Ordinal);
    }

    [Fact]
    public void ThePageHasTheSameFiguresAsTheTables()
    {
        MeasureResult result = Measured.Result(cells: 3, withFailure: true);
        string page = HtmlReport.Of(result);
        foreach (
            ReportTable table in Enum.GetValues<MetricGroup>().Select(group => ReportTables.Of(result, CellSummary.All(result), group)!)
        )
        {
            Assert.All(table.Rows, row => Assert.Contains($"<td class=\"figure\">{row[^1]}</td></tr>", page, StringComparison.Ordinal));
            Assert.All(table.Rows, row => Assert.Equal(table.Columns.Count, row.Count));
        }
        Assert.Contains("1 of 9 runs failed", page, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryMachineHasItsFormUntilNothingChangesAnyMore()
    {
        MeasureResult result = Measured.Result(cells: 3) with { Least = [new LeastMemory("squashfs", "http", [], 180 * Mebibyte)] };
        ReportTable picks = ReportTables.OfPicks(result);
        Assert.Equal(["128 MiB", "192 MiB", "384 MiB and more"], picks.Rows.Select(row => row[0]));
        Assert.Equal("nothing that was measured fits", picks.Rows[0][1]);
        Assert.Equal("squashfs by http (needs 180 MiB, 118 MB)", picks.Rows[1][1]);
        Assert.Equal("squashfs by http (needs 380 MiB, 118 MB)", picks.Rows[2][2]);
    }

    /// <summary>96 cached, 200 of an image, a remainder of 4: they are all that is used.</summary>
    [Fact]
    public void TheGroupsOfOwnersSumToWhatIsUsed()
    {
        OwnerTable table = OwnerTable.Of(CellSummary.All(Measured.Result())[0], "ready");
        Assert.Equal(table.UsedBytes, OwnerGroups.Sums(table).Sum());
        Assert.Equal([0, 200, 0, 0, 0, 96, 0, 0, 0, 4], OwnerGroups.Sums(table).Select(bytes => bytes / Mebibyte));
    }

    [Fact]
    public void EveryLineOfTheCsvHasTheSameFields() =>
        Assert.All(
            CsvReport.Of(Measured.Result(withFailure: true)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries),
            line => Assert.True(line.Split(',').Length == 8 || line.Contains('"', StringComparison.Ordinal), line)
        );

    [Fact]
    public void TheFiguresOfAFormAreMediansOfItsRuns()
    {
        CellSummary cell = CellSummary.All(Measured.Result())[0];
        Assert.Equal(252 * Mebibyte, cell.Of(Metrics.UsedAtReady).Median);
        Assert.Equal(118_000_000, cell.Of(Metrics.Delivered).Median);
        OwnerTable owners = OwnerTable.Of(cell, "ready");
        Assert.Equal(200 * Mebibyte, owners.Rows[0].Bytes);
        Assert.Equal(4.0 / 300, owners.RemainderPart, 6);
    }

    [Fact]
    public void WhatChangedBeyondNoiseIsMarkedAndNothingElse()
    {
        Comparison same = Comparison.Of(Measured.Result(), Measured.Result());
        Assert.DoesNotContain(same.Figures, figure => figure.Changed);
        Comparison halved = Comparison.Of(Measured.Result(), Measured.Result(scale: 0.5));
        ComparedFigure used = halved.Figures.First(figure => figure.Metric == Metrics.UsedAtReady);
        Assert.Equal(("better", 0.5), (used.Verdict, used.Interval!.Value.Ratio));
        Assert.Equal("same", halved.Figures.First(figure => figure.Metric == Metrics.Delivered).Verdict);
        Comparison doubled = Comparison.Of(Measured.Result(), Measured.Result(scale: 2));
        Assert.Equal("worse", doubled.Figures.First(figure => figure.Metric == Metrics.Ready).Verdict);
    }

    [Fact]
    public void OfOneRunNothingIsSaid()
    {
        Comparison one = Comparison.Of(Measured.Result(runs: 1), Measured.Result(runs: 1, scale: 2));
        Assert.All(one.Figures, figure => Assert.Equal("unknown", figure.Verdict));
    }

    [Fact]
    public void OtherHostsImagesAndCellsAreNoted()
    {
        MeasureResult other = Measured.Result(cells: 3);
        other = other with
        {
            Host = other.Host with { Processor = "another" },
            Image = other.Image with { Digest = "sha256:" + new string('b', 64) },
        };
        string notes = string.Join('\n', Comparison.Of(Measured.Result(cells: 2), other).Notes);
        Assert.Contains("zram-http-2048M is only in the second", notes, StringComparison.Ordinal);
        Assert.Contains("the images differ", notes, StringComparison.Ordinal);
        Assert.Contains("times do not compare", notes, StringComparison.Ordinal);
    }

    /// <summary>squashfs: 200 pinned, a tenth to work with, and 1/64 of the machine for its pages; nothing was seen at the point <c>read</c>, so a byte written counts as
    /// one.</summary>
    [Fact]
    public void TheAdviceIsTheLeastOverTheLinkThatFits()
    {
        Advice advice = Advice.Of(
            Measured.Result(cells: 3),
            new AdviceRequest(480 * Mebibyte, 100_000_000, 200 * Mebibyte, HasDisk: false)
        );
        Assert.Equal("squashfs", advice.Best.Cell.Form);
        Assert.Equal((220 * Mebibyte * 64 / 63) + (200 * Mebibyte), advice.Best.NeededBytes);
        Assert.Equal(118_000_000 * 8 / 1e8, advice.Best.TransferSeconds, 6);
        Assert.Null(advice.RunnerUp);
        Assert.Equal(["tmpfs", "zram"], advice.TooLarge.Select(cell => cell.Cell.Form));
        Assert.Contains("would not fit into 480 MiB", advice.Reason, StringComparison.Ordinal);
        Assert.Equal(
            "tmpfs",
            Advice.Of(Measured.Result(cells: 3), new AdviceRequest(2048 * Mebibyte, null, 0, HasDisk: false)).RunnerUp!.Cell.Form
        );
    }

    [Fact]
    public void SearchedMemoryCountsBeforeWhatIsReckoned()
    {
        MeasureResult result = Measured.Result() with { Least = [new LeastMemory("squashfs", "http", [], 180 * Mebibyte)] };
        Advice advice = Advice.Of(result, new AdviceRequest(200 * Mebibyte, null, 0, HasDisk: false));
        Assert.True(advice.Best.IsSearched);
        Assert.Equal(180 * Mebibyte, advice.Best.NeededBytes);
    }

    /// <summary>A second of waiting counts, the tenth of one does not: over a fast link the lesser memory is taken though a little more is delivered.</summary>
    [Fact]
    public void OverAFastLinkMemoryDecides()
    {
        MeasureResult result = Measured.Result() with { Least = [new LeastMemory("tmpfs", "http", [], 150 * Mebibyte)] };
        Assert.Equal("tmpfs", Advice.Of(result, new AdviceRequest(512 * Mebibyte, 1_000_000_000, 0, HasDisk: false)).Best.Cell.Form);
        Assert.Equal("squashfs", Advice.Of(result, new AdviceRequest(512 * Mebibyte, 100_000_000, 0, HasDisk: false)).Best.Cell.Form);
    }

    [Fact]
    public void WhereNothingFitsTheNearestIsNamed()
    {
        UserError error = Assert.Throws<UserError>(() =>
            Advice.Of(Measured.Result(), new AdviceRequest(100 * Mebibyte, null, 0, HasDisk: false))
        );
        Assert.Contains("squashfs by http comes nearest", error.Message, StringComparison.Ordinal);
    }
}
