using System.Text;
using Rootcast.Contract;
using Rootcast.Lab.Measuring;
using Rootcast.Lab.Statistics;

namespace Rootcast.Tests;

public class MeasureFileTests
{
    private static readonly MeasureResult Whole = Measured.Result(withFailure: true);

    [Fact]
    public void WhatIsWrittenIsRead()
    {
        byte[] bytes = MeasureFile.Bytes(Whole);
        MeasureResult read = MeasureFile.Parse(bytes);
        Assert.Equal(bytes, MeasureFile.Bytes(read));
        Assert.Equal(Whole.Done.Count, read.Done.Count);
        Assert.Equal(Whole.Done[0].Delivery, read.Done[0].Delivery);
    }

    [Fact]
    public void AnotherVersionIsRefusedWhateverElseIsInIt()
    {
        byte[] later = Encoding.UTF8.GetBytes("""{"format":"rootcast-measure","version":2,"runs":"many","cells":{}}""");
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => MeasureFile.Parse(later));
        Assert.Contains("version 2", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"format\":\"something\",\"version\":1}")]
    [InlineData("hello")]
    public void WhatIsNoResultIsSaidToBeNone(string text) =>
        Assert.Throws<InvalidDataException>(() => MeasureFile.Parse(Encoding.UTF8.GetBytes(text)));

    /// <summary>Every length: never a result, always the same kind of error.</summary>
    [Fact]
    public void AFileThatIsCutShortIsSaidToBe()
    {
        byte[] bytes = MeasureFile.Bytes(Whole);
        int cut = 0;
        // The newline and the last brace are the end.
        for (int length = 0; length < bytes.Length - 2; length += length < 200 ? 1 : 37)
        {
            InvalidDataException error = Assert.Throws<InvalidDataException>(() => MeasureFile.Parse(bytes.AsSpan(0, length)));
            cut += error.Message.Contains("cut short", StringComparison.Ordinal) ? 1 : 0;
        }
        Assert.True(cut > bytes.Length / 37 / 2, $"only {cut} were told to be cut short");
    }

    [Fact]
    public void ChangedBytesAreReadOrRefusedButNothingElseHappens()
    {
        byte[] bytes = MeasureFile.Bytes(Whole);
        RandomSequence random = new(5);
        int refused = 0;
        for (int i = 0; i < 3000; i++)
        {
            byte[] changed = [.. bytes];
            for (int n = random.Below(3); n >= 0; n--)
            {
                changed[random.Below(changed.Length)] = (byte)random.Below(256);
            }
            try
            {
                MeasureFile.Parse(changed);
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }
        Assert.True(refused > 500, $"{refused} were refused");
    }

    [Theory]
    [InlineData("\"cell\": 0", "\"cell\": 7")]
    [InlineData("\"round\": 1", "\"round\": 99")]
    [InlineData("\"runs\": 3", "\"runs\": 0")]
    public void ARunThatIsNotInThePlanIsRefused(string from, string to)
    {
        string text = Encoding.UTF8.GetString(MeasureFile.Bytes(Whole));
        Assert.Contains(from, text, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() =>
            MeasureFile.Parse(Encoding.UTF8.GetBytes(text.Replace(from, to, StringComparison.Ordinal)))
        );
    }

    [Fact]
    public void AFileThatIsNotThereIsTheUsersError()
    {
        UserError error = Assert.Throws<UserError>(() => MeasureFile.Read("/nonexistent/result.json"));
        Assert.Equal(UserErrorKind.Input, error.Kind);
    }
}
