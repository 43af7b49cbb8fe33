using Rootcast.Lab.Reports;

namespace Rootcast.Cli.Data;

/// <summary>What <c>advise --json</c> prints.</summary>
internal sealed record AdviceData(
    string Form,
    string Carrier,
    string Reason,
    AdvisedCell Cost,
    AdvisedCell? RunnerUp,
    IReadOnlyList<AdvisedCell> TooLarge
)
{
    public static AdviceData Of(Advice advice) =>
        new(advice.Best.Cell.Form, advice.Best.Cell.Carrier, advice.Reason, advice.Best, advice.RunnerUp, advice.TooLarge);
}
