using Microsoft.Win32.SafeHandles;
using Rootcast.Images.Disks;

namespace Rootcast.Tests;

public sealed class SparseWriterTests : IDisposable
{
    private const int Offset = 8192;
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WhatIsWrittenIsThereWhateverWasBefore(bool isEmpty)
    {
        Random random = new(1);
        byte[] content = new byte[3_000_001];
        foreach ((int from, int length) in new[] { (0, 5000), (500_000, 3), (1_000_000, 4096), (2_999_999, 2) })
        {
            random.NextBytes(content.AsSpan(from, length));
        }
        string path = directory.File("target");
        byte[] before = new byte[4_000_000];
        if (!isEmpty)
        {
            random.NextBytes(before);
        }
        File.WriteAllBytes(path, before);
        using (SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite))
        {
            SparseWriter writer = new(file, path, Offset, isEmpty);
            for (int at = 0; at < content.Length; at += 1 << 20)
            {
                writer.Write(content.AsSpan(at, Math.Min(1 << 20, content.Length - at)));
            }
            writer.Finish();
        }
        byte[] after = File.ReadAllBytes(path);
        Assert.Equal(content, after[Offset..(Offset + content.Length)]);
        Assert.Equal(before[..Offset], after[..Offset]);
        Assert.Equal(before[(Offset + content.Length)..], after[(Offset + content.Length)..]);
    }
}
