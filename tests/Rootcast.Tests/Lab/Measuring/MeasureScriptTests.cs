using System.Text;
using Rootcast.Lab.Machines;
using Rootcast.Lab.Measuring;

namespace Rootcast.Tests;

public class MeasureScriptTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(64L << 20, 22_000_000)]
    public void TheScriptIsOneThatAShellReads(long writeBytes, long programBytes)
    {
        string file = Path.GetTempFileName();
        try
        {
            string script = MeasureScript.Text(writeBytes, programBytes);
            Assert.DoesNotMatch("@[A-Z]+@", script);
            File.WriteAllText(file, script);
            Judge.Run("sh", ["-n", file]);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task TheLengthThenTheScriptThenTheFilesAreSent()
    {
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "the program", TestContext.Current.CancellationToken);
            using MemoryStream sent = new();
            await new GuestWork("echo ä\n", file).SendAsync(sent, TestContext.Current.CancellationToken);
            Assert.Equal("00000008echo ä\nthe program", Encoding.UTF8.GetString(sent.ToArray()));
        }
        finally
        {
            File.Delete(file);
        }
    }
}
