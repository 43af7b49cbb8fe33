using Rootcast.Contract;

namespace Rootcast.Lab.Studies;

/// <summary>An old experiment, made anew: which tree is measured in which forms, what was published, and how the two are told apart.</summary>
public abstract class Study
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Study> All { get; } = [new LiveVsDisk(), new TmpfsVsImage()];

    /// <summary>On the command line, and of its image: <c>live-vs-disk</c>.</summary>
    public abstract string Name { get; }

    /// <summary>What was asked.</summary>
    public abstract string Title { get; }

    /// <summary>The name of its image in a store.</summary>
    public string ImageName => $"study-{Name}";

    /// <summary>Forms, in the order of the report.</summary>
    public abstract IReadOnlyList<Form> Forms { get; }

    /// <summary>Carriers; a form comes by each that can bring it.</summary>
    public abstract IReadOnlyList<Carrier> Carriers { get; }

    /// <summary>Memory of the machines.</summary>
    public abstract long MemoryBytes { get; }

    /// <summary>What the workload writes.</summary>
    public abstract long WriteBytes { get; }

    /// <summary>The recipe of its image.</summary>
    /// <param name="suite">Of Debian.</param>
    public string Recipe(string suite) =>
        $$"""
            name: {{ImageName}}
            source:
              debian:
                suite: {{suite}}
                packages: [{{string.Join(", ", BasePackages)}}, {{string.Join(", ", Packages)}}]
            kernels:
              - debian: cloud
            forms: [{{string.Join(", ", FormTexts)}}]
            hostname: study
            root:
              # Locked: nobody logs in, and nothing waits for a password to be set.
              password-hash: '!'

            """;

    /// <summary>The study of that name, or null.</summary>
    public static Study? Of(string name)
    {
        foreach (Study study in All)
        {
            if (study.Name == name)
            {
                return study;
            }
        }
        return null;
    }

    /// <summary>Packages that make the tree what it was, beside <see cref="BasePackages"/>.</summary>
    protected abstract IReadOnlyList<string> Packages { get; }

    /// <summary>The forms as a recipe has them.</summary>
    protected virtual IReadOnlyList<string> FormTexts => [.. Forms.Select(Names.Of)];

    /// <summary>A system that boots, with its kernel's package as an installed one has it.</summary>
    private static IReadOnlyList<string> BasePackages { get; } =
    ["systemd-sysv", "dbus", "udev", "iproute2", "openssh-server", "linux-image-cloud-amd64"];

    /// <summary>What the figures say about the old ones.</summary>
    /// <param name="page">The report.</param>
    /// <param name="figures">What was measured.</param>
    public abstract void Report(StudyPage page, StudyFigures figures);
}
