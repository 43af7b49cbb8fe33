using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using Rootcast.Cli.Data;
using Rootcast.Lab.Measuring;
using Rootcast.Lab.Reports;

namespace Rootcast.Cli.Commands;

/// <summary><c>rootcast advise RESULT</c>.</summary>
internal static class AdviseCommand
{
    public static Command Create(Session session)
    {
        Argument<string> result = new("RESULT") { Description = "What 'rootcast measure' has written: its directory or its result.json" };
        Option<long> memory = new("--memory", "-m")
        {
            Description = "Memory of the machine: 512M, 2G",
            HelpName = "SIZE",
            Required = true,
            CustomParser = parsed => CommonOptions.Size(parsed, smallest: 1 << 20),
        };
        Option<long?> link = new("--link")
        {
            Description = "What its network carries, in bits a second: 100M, 1G. Without it only memory counts",
            HelpName = "BITS",
            CustomParser = ParseBits,
        };
        Option<long> writes = new("--ram-writes")
        {
            Description = "How much will be written into / while it runs (default: none)",
            HelpName = "SIZE",
            CustomParser = parsed => CommonOptions.Size(parsed, smallest: 1),
        };
        Option<bool> disk = new("--disk") { Description = "The machine has a disk, a stick or a CD to boot from" };
        Option<bool> json = CommonOptions.Json();
        DocumentedCommand command = new(
            "advise",
            "Say which form and carrier to take for a machine, from what was measured.",
            "rootcast advise /tmp/try --memory 512M --link 100M --ram-writes 200M",
            "rootcast advise /tmp/try --memory 1G --disk"
        )
        {
            result,
            memory,
            link,
            writes,
            disk,
            json,
        };
        command.SetAction(parsed =>
        {
            AdviceRequest request = new(parsed.GetValue(memory), parsed.GetValue(link), parsed.GetValue(writes), parsed.GetValue(disk));
            return Run(session, parsed.GetRequiredValue(result), request, parsed.GetValue(json));
        });
        return command;
    }

    private static int Run(Session session, string named, AdviceRequest request, bool json)
    {
        MeasureResult result = MeasureFile.Read(named);
        Advice advice = Advice.Of(result, request);
        if (json)
        {
            session.WriteJson(JsonSerializer.SerializeToUtf8Bytes(AdviceData.Of(advice), CliJson.Default.AdviceData));
            return ExitCodes.Done;
        }
        session.Output.WriteLine($"{advice.Best.Cell.Form} by {advice.Best.Cell.Carrier}");
        session.Output.WriteLine(advice.Reason);
        session.Output.WriteLine(
            advice.RunnerUp is { } next
                ? $"Runner-up: {next.Cell.Title}, {Advice.Cost(next, request)}."
                : "Runner-up: none of those that were measured fits."
        );
        return ExitCodes.Done;
    }

    /// <summary>Bits a second, with K, M and G as powers of 1000, as networks are named.</summary>
    internal static long? ParseBits(ArgumentResult parsed)
    {
        string text = parsed.Tokens[^1].Value;
        long unit =
            text.Length == 0
                ? 1
                : char.ToUpperInvariant(text[^1]) switch
                {
                    'K' => 1_000,
                    'M' => 1_000_000,
                    'G' => 1_000_000_000,
                    _ => 1,
                };
        string digits = unit == 1 ? text : text[..^1];
        if (
            double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)
            && number * unit is >= 1 and < 1e15
        )
        {
            return (long)(number * unit);
        }
        parsed.AddError($"'{text}' is not a speed in bits a second such as 100M or 1G");
        return null;
    }
}
