using Rootcast.Contract;

namespace Rootcast.Tests;

public sealed class ReadyScriptTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(200L << 20)]
    public void The_script_is_one_that_a_shell_reads(long bytes)
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, ReadyScript.Text("/dev/vport1p1", bytes));
            Judge.Run("sh", ["-n", file]);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Time_and_memory_go_before_the_write_test()
    {
        string script = ReadyScript.Text("/dev/vport1p1", 200L << 20);
        int[] places = [.. new[] { "mark ready", "memory $line", "count=200", "write 209715200", "sync $", "echo done" }.Select(At)];
        Assert.Equal(places.Order(), places);

        int At(string text)
        {
            int at = script.IndexOf(text, StringComparison.Ordinal);
            Assert.True(at > 0, text);
            return at;
        }
    }
}
