using System.Runtime.InteropServices;
using FsCheck;
using FsCheck.Fluent;
using Rootcast.Linux.Block;

namespace Rootcast.Tests;

public sealed class DeviceMapperMessageTests
{
    private static readonly MappedTarget[] Table =
    [
        new(0, 2048, "snapshot", "7:0 7:1 N 8"),
        new(2048, 16, "zero", ""),
        new(2064, 1, "linear", "7:0 12345"),
    ];

    [Fact]
    public void A_table_stands_behind_the_header_line_by_line()
    {
        byte[] message = DeviceMapperMessage.Write("rootcast-root", 1, Table);
        DeviceMapperLayout.HeaderLayout header = DeviceMapperMessage.Header(message);
        Assert.Equal((uint)message.Length, header.data_size);
        Assert.Equal(312u, header.data_start);
        Assert.Equal(3u, header.target_count);
        Assert.Equal(1u, header.flags);
        int at = 312;
        foreach (MappedTarget line in Table)
        {
            Assert.Equal(0, at % 8);
            DeviceMapperLayout.TargetLayout target = MemoryMarshal.Read<DeviceMapperLayout.TargetLayout>(message.AsSpan(at));
            Assert.Equal((ulong)line.Start, target.sector_start);
            Assert.Equal((ulong)line.Length, target.length);
            Assert.Equal(line.Text + "\0", System.Text.Encoding.UTF8.GetString(message, at + 40, line.Text.Length + 1));
            at += (int)target.next;
        }
        Assert.Equal(message.Length, at);
    }

    [Fact]
    public void An_answer_is_read_with_distances_from_its_first_target()
    {
        Assert.Equal(Table, DeviceMapperMessage.ReadTargets(Answer()));
        Assert.Empty(DeviceMapperMessage.ReadTargets(DeviceMapperMessage.Write("x", 0, [], 4096)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a\0b")]
    public void A_name_that_is_none_is_refused(string name) =>
        Assert.Throws<ArgumentException>(() => DeviceMapperMessage.Write(name, 0, []));

    [Fact]
    public void A_name_may_have_127_bytes()
    {
        DeviceMapperMessage.Write(new string('x', 127), 0, []);
        Assert.Throws<ArgumentException>(() => DeviceMapperMessage.Write(new string('x', 128), 0, []));
    }

    [Fact]
    public void A_damaged_answer_is_refused_or_read_and_nothing_else() =>
        Prop.ForAll(
                ArbMap.Default.ArbFor<(int At, byte Value)[]>(),
                changes =>
                {
                    byte[] answer = Answer();
                    foreach ((int at, byte value) in changes)
                    {
                        answer[(int)((uint)at % answer.Length)] = value;
                    }
                    try
                    {
                        DeviceMapperMessage.ReadTargets(answer);
                    }
                    catch (InvalidDataException)
                    {
                        // The only refusal that is allowed.
                    }
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void An_answer_that_is_cut_anywhere_is_refused()
    {
        byte[] answer = Answer();
        for (int length = 0; length < answer.Length - 40; length++)
        {
            Assert.Throws<InvalidDataException>(() => DeviceMapperMessage.ReadTargets(answer.AsSpan(0, length)));
        }
    }

    [Theory]
    [InlineData("48/2048 16", SnapshotState.Usable, 48, 2048, 16)]
    [InlineData("Invalid", SnapshotState.Invalid, 0, 0, 0)]
    [InlineData("Overflow", SnapshotState.Overflow, 0, 0, 0)]
    [InlineData("Merge failed", SnapshotState.MergeFailed, 0, 0, 0)]
    public void The_status_of_a_snapshot_is_read(string status, SnapshotState state, long used, long total, long metadata) =>
        Assert.Equal(new SnapshotUsage(state, used, total, metadata), SnapshotUsage.Parse(status));

    [Theory]
    [InlineData("")]
    [InlineData("Unknown")]
    [InlineData("48/2048")]
    [InlineData("48 16")]
    [InlineData("-1/2 3")]
    public void What_is_no_status_of_a_snapshot_is_not_guessed(string status) => Assert.Null(SnapshotUsage.Parse(status));

    /// <summary>The same table as the kernel returns it.</summary>
    private static byte[] Answer()
    {
        byte[] message = DeviceMapperMessage.Write("rootcast-root", 0, Table);
        int at = 312;
        foreach (MappedTarget _ in Table)
        {
            ref DeviceMapperLayout.TargetLayout target = ref MemoryMarshal.AsRef<DeviceMapperLayout.TargetLayout>(message.AsSpan(at));
            at += (int)target.next;
            target.next = (uint)(at - 312);
        }
        return message;
    }
}
