using FsCheck;
using FsCheck.Fluent;
using Rootcast.Server.Nodes;

namespace Rootcast.Tests;

/// <summary>Falling back is a pure function of a node's boots: what must hold of it whatever they were.</summary>
public class BootCountingTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly string[] Digests = [.. "abc".Select(letter => "sha256:" + new string(letter, 64))];
    private static readonly IReadOnlyList<ServedImage> Served = [.. Digests.Select(digest => new ServedImage("image", digest))];

    private static readonly Gen<NodeBoot[]> Histories = Gen.ArrayOf(
            from digest in Gen.Elements(Digests)
            from outcome in Gen.Elements(Enum.GetValues<BootOutcome>())
            from stage in Gen.Elements(BootStages.Script, BootStages.Kernel, "root-mounted")
            select (digest, outcome, stage)
        )
        .Select(boots => boots.Select((boot, i) => Boot(boot.digest, boot.outcome, boot.stage, Start.AddMinutes(-i))).ToArray());

    [Fact]
    public void WithoutAFormerReadyThereIsNothingToFallBackTo() =>
        Holds(history => history.Any(boot => boot.Outcome == BootOutcome.Ready) || Fallback(history, 1) is null);

    [Fact]
    public void AnImageThatOnceGotTheNodeReadyStays() =>
        Holds(history =>
            !history.Any(boot => boot.Outcome == BootOutcome.Ready && boot.Digest == Digests[0]) || Fallback(history, 1) is null
        );

    [Fact]
    public void WhatIsFallenBackToIsTheLastReadyOne() =>
        Holds(history =>
            Fallback(history, 1) is not { } good || good.Digest == history.First(boot => boot.Outcome == BootOutcome.Ready).Digest
        );

    [Fact]
    public void MorePatienceNeverFallsBackEarlier() => Holds(history => Fallback(history, 2) is null || Fallback(history, 1) is not null);

    [Fact]
    public void OneMoreFailureNeverTakesAFallbackBack() =>
        Holds(history =>
            Fallback(history, 2) is null
            || Fallback([Boot(Digests[0], BootOutcome.Failed, "root-mounted", Start.AddMinutes(1)), .. history], 2) is not null
        );

    [Fact]
    public void WhatFailedBeforeTheAssignmentDoesNotCount() =>
        Holds(history => BootCounting.Fallback(Digests[0], Start.AddMinutes(1), history, Served, 1) is null);

    [Fact]
    public void ABootThatNeverTookItsKernelDoesNotCount() =>
        Holds(history =>
        {
            NodeBoot[] unbegun =
            [
                .. history.Where(boot => boot.Outcome != BootOutcome.Failed).Select(boot => boot with { Stage = BootStages.Script }),
            ];
            return BootCounting.Failures(Digests[0], DateTimeOffset.MinValue, unbegun) == 0;
        });

    [Fact]
    public void WhatIsNotServedAnyMoreIsNotFallenBackTo() =>
        Holds(history => BootCounting.Fallback(Digests[0], DateTimeOffset.MinValue, history, [Served[0]], 1) is null);

    [Fact]
    public void ThreeFailuresThenTheLastGoodOne()
    {
        NodeBoot good = Boot(Digests[1], BootOutcome.Ready, "ready", Start);
        NodeBoot failed = Boot(Digests[0], BootOutcome.Failed, "artefact-found", Start.AddMinutes(1));
        NodeBoot silent = Boot(Digests[0], BootOutcome.Silent, "switch-root", Start.AddMinutes(2));
        NodeBoot reset = Boot(Digests[0], BootOutcome.Superseded, BootStages.Initrd, Start.AddMinutes(3));
        Assert.Null(Fallback([good], 3));
        Assert.Null(Fallback([silent, failed, good], 3));
        Assert.Equal(Digests[1], Fallback([reset, silent, failed, good], 3)?.Digest);
    }

    private static NodeBoot Boot(string digest, BootOutcome outcome, string stage, DateTimeOffset started) =>
        new()
        {
            Id = Guid.Empty.ToString("N"),
            Node = "node",
            Image = "image",
            Digest = digest,
            Reason = "",
            Address = "",
            Started = started,
            Deadline = started.AddMinutes(10),
            Stage = stage,
            Outcome = outcome,
        };

    private static ServedImage? Fallback(IReadOnlyList<NodeBoot> history, int attempts) =>
        BootCounting.Fallback(Digests[0], DateTimeOffset.MinValue, history, Served, attempts);

    private static void Holds(Func<NodeBoot[], bool> property) => Prop.ForAll(Histories.ToArbitrary(), property).QuickCheckThrowOnFailure();
}
