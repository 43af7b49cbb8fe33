using System.Text;
using Microsoft.Win32.SafeHandles;
using Rootcast.Contract;
using Rootcast.Contract.Foreign;
using Rootcast.Init.Journal;
using Rootcast.Linux.Files;

namespace Rootcast.Init.Stages;

/// <summary>Puts the boot plan together: the argument files of the initramfs in the order of their names, /etc/cmdline, then the kernel's own
/// command line. What comes later wins.</summary>
public static class PlanReading
{
    /// <summary>Reads the plan. Everything in it that is not understood is on screen.</summary>
    public static BootPlan Read(BootJournal journal)
    {
        BootPlan? plan = Merge(Texts(), out IReadOnlyList<string> problems, out IReadOnlyList<string> notes);
        foreach (string note in notes)
        {
            journal.Say(note);
        }
        foreach (string problem in problems)
        {
            journal.Problem(problem);
        }
        if (plan is null)
        {
            throw new UserError(
                problems.Count > 0 ? problems[^1] : "nothing says what to boot",
                $"Add rootcast.form= to the kernel's command line, or boot an initrd with a boot plan in {InitramfsPaths.Plan}."
            );
        }
        journal.Say($"plan: {plan.WithoutToken.ToArguments()}");
        return plan;
    }

    /// <summary>What to do after a failure, where there is no plan: whatever the arguments do say about it.</summary>
    public static BootPlan ForFailure()
    {
        List<string> texts = Texts();
        texts.Add("rootcast.form=tmpfs");
        return Merge(texts, out _, out _)!;
    }

    /// <summary>The plan out of the texts, in their order.</summary>
    /// <param name="texts">Kernel arguments; the later text wins.</param>
    /// <param name="problems">What can't be honoured.</param>
    /// <param name="notes">What parameters of others were taken for.</param>
    public static BootPlan? Merge(IReadOnlyList<string> texts, out IReadOnlyList<string> problems, out IReadOnlyList<string> notes)
    {
        KernelArguments[] split = new KernelArguments[texts.Count];
        for (int i = 0; i < split.Length; i++)
        {
            split[i] = KernelArguments.Parse(texts[i]);
        }
        ForeignTranslation translation = ForeignTranslator.Translate(split);
        notes = translation.Notes;
        BootPlan? plan = BootPlan.Parse(translation.Arguments, out IReadOnlyList<string> own);
        problems = [.. translation.Problems, .. own];
        return plan;
    }

    private static List<string> Texts()
    {
        List<string> texts = [];
        foreach (string name in ArgumentFiles())
        {
            texts.Add(SmallFile.TryReadText($"{InitramfsPaths.ArgumentsDirectory}/{name}") ?? "");
        }
        texts.Add(SmallFile.TryReadText("/etc/cmdline") ?? "");
        texts.Add(SmallFile.TryReadText("/proc/cmdline") ?? "");
        return texts;
    }

    private static List<string> ArgumentFiles()
    {
        List<string> names = [];
        using SafeFileHandle directory = FileNodes.TryOpen(
            null,
            Encoding.UTF8.GetBytes(InitramfsPaths.ArgumentsDirectory),
            OpenFlags.ReadOnly | OpenFlags.Directory,
            0,
            out int errno
        );
        if (errno == 0)
        {
            foreach (DirectoryItem item in DirectoryListing.Read(directory, InitramfsPaths.ArgumentsDirectory))
            {
                string name = Encoding.UTF8.GetString(item.Name);
                if (name.EndsWith(".conf", StringComparison.Ordinal))
                {
                    names.Add(name);
                }
            }
        }
        names.Sort(StringComparer.Ordinal);
        return names;
    }
}
