using System.Text;
using Rootcast.Linux.Events;

namespace Rootcast.Tests;

public sealed class KernelLogTests
{
    [Theory]
    [InlineData("3,1234,5678,-;EXT4-fs (loop0): bad geometry\n SUBSYSTEM=block\n", "EXT4-fs (loop0): bad geometry")]
    [InlineData("4,1,2,-;warning", "warning")]
    [InlineData("6,1,2,-;only information\n", null)]
    [InlineData("11,1,2,-;of a program, not of the kernel\n", null)]
    [InlineData("no record", null)]
    [InlineData(";,", null)]
    public void Warnings_of_the_kernel_are_taken(string record, string? message) =>
        Assert.Equal(message, KernelLog.Message(Encoding.UTF8.GetBytes(record), worst: 4));
}
