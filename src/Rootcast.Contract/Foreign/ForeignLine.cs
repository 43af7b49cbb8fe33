namespace Rootcast.Contract.Foreign;

/// <summary>The texts that are translated, and what has come of them so far. What is emitted for an argument takes the place of that
/// argument's text: after what earlier texts say, and before what the same text says in the plan's own words.</summary>
internal sealed class ForeignLine
{
    private readonly IReadOnlyList<KernelArguments> texts;
    private readonly List<KernelArgument>[] emitted;
    private int replacedBefore;

    public ForeignLine(IReadOnlyList<KernelArguments> texts)
    {
        this.texts = texts;
        // One more, in front: what counts only where no text says otherwise.
        emitted = new List<KernelArgument>[texts.Count + 1];
        for (int i = 0; i < emitted.Length; i++)
        {
            emitted[i] = [];
        }
    }

    /// <summary>The text of defaults.</summary>
    public const int Default = -1;

    public List<string> Notes { get; } = [];

    public List<string> Problems { get; } = [];

    /// <summary>Every argument of all texts, in order.</summary>
    public IEnumerable<FoundArgument> All()
    {
        for (int text = 0; text < texts.Count; text++)
        {
            foreach (KernelArgument argument in texts[text])
            {
                yield return new FoundArgument(argument, text);
            }
        }
    }

    /// <summary>The last argument of any of these names.</summary>
    public FoundArgument? Last(params ReadOnlySpan<string> keys)
    {
        for (int text = texts.Count - 1; text >= 0; text--)
        {
            for (int i = texts[text].Count - 1; i >= 0; i--)
            {
                foreach (string key in keys)
                {
                    if (texts[text][i].Is(key))
                    {
                        return new FoundArgument(texts[text][i], text);
                    }
                }
            }
        }
        return null;
    }

    /// <summary>The last argument of any of these names, when it is switched on.</summary>
    public FoundArgument? On(params ReadOnlySpan<string> keys) => Last(keys) is { IsOn: true } found ? found : null;

    /// <summary>Says something in the plan's own words.</summary>
    public void Emit(int text, string key, string? value) => emitted[text + 1].Add(new KernelArgument(key, value));

    /// <summary>Can't be honoured.</summary>
    public void Refuse(FoundArgument argument, string why) => Problems.Add($"{argument}: {why}");

    /// <summary>From that text on another place of the artefact counts: what earlier texts said about form, carrier and artefact is about
    /// the former one.</summary>
    public void ReplacePlace(int text) => replacedBefore = text;

    public KernelArguments ToArguments()
    {
        List<KernelArgument> all = [.. emitted[0]];
        for (int text = 0; text < texts.Count; text++)
        {
            all.AddRange(emitted[text + 1]);
            foreach (KernelArgument argument in texts[text])
            {
                if (IsOwn(argument) && !(text < replacedBefore && IsPlace(argument)))
                {
                    all.Add(argument);
                }
            }
        }
        return new KernelArguments(all);
    }

    /// <summary>Whether some text says it in the plan's own words.</summary>
    public static bool IsOwn(KernelArgument argument) =>
        argument.Key.StartsWith("rootcast.", StringComparison.Ordinal) || argument.Is("init");

    private static bool IsPlace(KernelArgument argument) =>
        argument.Is("rootcast.form")
        || argument.Is("rootcast.carrier")
        || argument.Is("rootcast.artefact")
        || argument.Is("rootcast.device")
        || argument.Is("rootcast.path")
        || argument.Is("rootcast.url")
        || argument.Is("rootcast.inside");
}
