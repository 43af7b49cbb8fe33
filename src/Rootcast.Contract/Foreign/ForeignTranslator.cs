namespace Rootcast.Contract.Foreign;

/// <summary>Says kernel parameters that were made for other initramfs in the boot plan's own words. Pure: the same texts give the same
/// arguments. docs/parameters.md says what becomes of each.</summary>
public static class ForeignTranslator
{
    /// <summary>Translates.</summary>
    /// <param name="texts">The argument files of the initramfs in their order, /etc/cmdline, the kernel's command line: the later wins.
    /// Parameters of others take the place of the text that they stand in, so what the same text says in the plan's own words wins over
    /// them.</param>
    public static ForeignTranslation Translate(IReadOnlyList<KernelArguments> texts)
    {
        ForeignLine line = new(texts);
        bool liveBoot = LiveBootSource.Translate(line);
        bool el6 = !liveBoot && El6Source.Translate(line);
        bool inPlace = !liveBoot && !el6 && !DracutSource.Translate(line) && PlainRoot.Translate(line);
        if (!inPlace && line.Last("rootflags") is { } flags)
        {
            line.Refuse(flags, "only a root that is mounted in place takes options");
        }
        OverlayParameters.Translate(line, liveBoot);
        NetworkParameters.Translate(line, liveBoot);
        FailureParameters.Translate(line);
        RefuseTheRest(line, liveBoot, el6 || line.On("liveimg") is not null);
        return new ForeignTranslation(line.ToArguments(), line.Notes, line.Problems);
    }

    private static void RefuseTheRest(ForeignLine line, bool liveBoot, bool el6)
    {
        foreach (FoundArgument found in line.All())
        {
            ForeignParameter? row = Array.Find(
                ForeignParameters.Table,
                row =>
                    row.Covers(found.Argument)
                    && row.Origin switch
                    {
                        ForeignOrigin.LiveBoot => liveBoot,
                        ForeignOrigin.El6 => el6,
                        _ => true,
                    }
            );
            if (row is { Handling: ForeignHandling.Refused } && found.IsOn)
            {
                line.Refuse(found, row.Why);
            }
            else if (row is null && found.Argument.Key.StartsWith("rd.", StringComparison.Ordinal))
            {
                line.Refuse(found, "init knows no such parameter");
            }
        }
    }
}
