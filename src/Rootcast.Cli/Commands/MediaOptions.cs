using System.CommandLine;
using Rootcast.Contract;
using Rootcast.Images.Boot;

namespace Rootcast.Cli.Commands;

/// <summary>What the commands share that make something which boots by itself.</summary>
internal sealed class MediaOptions
{
    /// <summary>The image.</summary>
    public Argument<string> Image { get; } = CommonOptions.Image();

    /// <summary>Which kernel.</summary>
    public Option<string?> Kernel { get; } =
        new("--kernel") { Description = "Which of the image's kernels, by its version; without it the first", HelpName = "VERSION" };

    /// <summary>More kernel arguments.</summary>
    public Option<string?> Append { get; } =
        new("--append") { Description = "More kernel arguments, in one word, such as console=ttyS0", HelpName = "ARGS" };

    /// <summary>SOURCE_DATE_EPOCH in seconds since 1970; without it the epoch itself.</summary>
    public static long Epoch =>
        long.TryParse(Environment.GetEnvironmentVariable("SOURCE_DATE_EPOCH"), out long epoch) && epoch is >= 0 and <= uint.MaxValue
            ? epoch
            : 0;

    /// <summary>Puts them into a command, the image first.</summary>
    public void AddTo(Command command)
    {
        command.Arguments.Insert(0, Image);
        command.Add(Kernel);
        command.Add(Append);
    }

    /// <summary>A boot of a form by a carrier with these options.</summary>
    public BootRequest Request(ParseResult parsed, BootPlan plan) =>
        new()
        {
            Plan = plan,
            KernelVersion = parsed.GetValue(Kernel),
            Arguments = KernelArguments.Parse(parsed.GetValue(Append) ?? ""),
        };
}
