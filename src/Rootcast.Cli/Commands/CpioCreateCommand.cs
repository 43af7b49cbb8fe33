using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Rootcast.Cli.Terminal;
using Rootcast.Contract;
using Rootcast.Images.Cpio;

namespace Rootcast.Cli.Commands;

/// <summary><c>rootcast cpio create</c>.</summary>
internal static class CpioCreateCommand
{
    internal const string LatestTime = "SOURCE_DATE_EPOCH";

    public static Command Create(Session session)
    {
        Option<string> output = CpioCommand.Output();
        Option<int?> align = Alignment();
        Option<ReflinkMode> reflink = Reflink();
        Option<long?> modified = new("--mtime")
        {
            Description = "Modification time of all entries, in seconds since 1970",
            HelpName = "SECONDS",
        };
        Option<bool> nulls = new("--null", "-0") { Description = "Names are separated by NULs (find -print0)" };
        DocumentedCommand command = new(
            "create",
            "Make an archive of the names on standard input, which are relative to this directory, as cpio -o does. Never compressed; on XFS and "
                + $"Btrfs it shares its data with the files. Times after {LatestTime} become that.",
            "rootcast cpio create --output ../initrd < names",
            "rootcast cpio create --null --align 4096 --reflink always --output /boot/initrd < names"
        )
        {
            output,
            align,
            reflink,
            modified,
            nulls,
        };
        command.SetAction(
            (parsed, cancellation) =>
            {
                using Stream names = Console.OpenStandardInput();
                CpioResult result = CpioCreation.Create(
                    new CpioRequest
                    {
                        Names = CpioNames.Read(names, parsed.GetValue(nulls) ? (byte)0 : (byte)'\n'),
                        Output = parsed.GetRequiredValue(output),
                        Alignment = parsed.GetValue(align),
                        Reflink = parsed.GetValue(reflink),
                        ModifiedSeconds = parsed.GetValue(modified),
                        LatestModifiedSeconds = LatestOf(Environment.GetEnvironmentVariable(LatestTime)),
                    },
                    cancellation
                );
                Tell(result, session.People.Profile.Out.Writer);
                return Task.FromResult(ExitCodes.Done);
            }
        );
        return command;
    }

    internal static Option<int?> Alignment() =>
        new("--align")
        {
            Description = "Start data of files at multiples of this, 0 for none (default: the block of XFS and Btrfs, none elsewhere)",
            HelpName = "BYTES",
            CustomParser = ParseAlignment,
        };

    internal static Option<ReflinkMode> Reflink() =>
        new("--reflink")
        {
            Description = "Share extents with the files: auto, always (or fail), never",
            HelpName = "WHEN",
            CustomParser = ParseReflink,
        };

    /// <summary>What came out, and each reason why something is not shared with how many it is about and the first of them.</summary>
    internal static void Tell(CpioResult result, TextWriter people)
    {
        people.WriteLine(
            $"{result.Entries} entries, {Amounts.Bytes(result.Bytes)}"
                + (result.SharedBytes > 0 ? $", of which {Amounts.Bytes(result.SharedBytes)} shared" : "")
                + (result.Alignment > 0 ? $"; aligning to {result.Alignment} took {Amounts.Bytes(result.PaddingBytes)}" : "")
        );
        foreach (IGrouping<string, MissedSharing> reason in result.Missed.GroupBy(missed => missed.Reason, StringComparer.Ordinal))
        {
            MissedSharing first = reason.First();
            people.WriteLine(
                $"not shared: {first.Path}{(reason.Count() > 1 ? $" and {reason.Count() - 1} more" : "")} "
                    + $"({Amounts.Bytes(reason.Sum(missed => missed.Bytes))}): {reason.Key}"
            );
        }
    }

    internal static long? LatestOf(string? text) =>
        text is null or "" ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds) ? seconds
        : throw new UserError($"{LatestTime}={text} is not a number of seconds", $"Set {LatestTime} as in: date +%s", UserErrorKind.Input);

    private static int? ParseAlignment(ArgumentResult result)
    {
        string text = result.Tokens[^1].Value;
        const int largest = 1 << 20;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int bytes) && bytes % 4 == 0 && bytes <= largest)
        {
            return bytes;
        }
        result.AddError($"'{text}' is not a multiple of 4 from 0 to {largest}");
        return null;
    }

    private static ReflinkMode ParseReflink(ArgumentResult result)
    {
        switch (result.Tokens[^1].Value)
        {
            case "auto":
                return ReflinkMode.Auto;
            case "always":
                return ReflinkMode.Always;
            case "never":
                return ReflinkMode.Never;
            case var other:
                result.AddError($"'{other}' is not one of auto, always, never");
                return default;
        }
    }
}
