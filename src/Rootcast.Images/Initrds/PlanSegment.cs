using System.Text;
using Rootcast.Contract;

namespace Rootcast.Images.Initrds;

/// <summary>The boot plan as <see cref="InitramfsPaths.Plan"/>, an argument a line.</summary>
public static class PlanSegment
{
    private const int ReadableFile = 0x124; // 0444

    /// <summary>The segment of a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="more">Arguments behind it, which count before it where they say the same; null for none.</param>
    public static InitrdSegment Of(BootPlan plan, KernelArguments? more = null)
    {
        SegmentArchive archive = new();
        archive.AddFile(InitramfsPaths.Plan, ReadableFile, Lines(plan.ToArguments().Concat(more ?? KernelArguments.Empty)));
        return new InitrdSegment(SegmentKind.Plan, archive.ToBytes());
    }

    /// <summary>Arguments, one a line.</summary>
    internal static byte[] Lines(KernelArguments arguments) =>
        Encoding.UTF8.GetBytes(string.Concat(arguments.Select(argument => argument + "\n")));
}
