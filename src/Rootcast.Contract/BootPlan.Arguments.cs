using System.Globalization;

namespace Rootcast.Contract;

public sealed partial record BootPlan
{
    private const string Prefix = "rootcast.";

    private static readonly string[] Keys =
    [
        "form",
        "carrier",
        "artefact",
        "device",
        "path",
        "url",
        "size",
        "overlay.size",
        "timeout",
        "onfail",
        "countdown",
        "rescue",
        "verify",
        "writetest",
    ];

    /// <summary>Reads a plan out of kernel arguments. <paramref name="problems"/> names every argument that could not be honoured, in words for
    /// the screen; the plan is null when there is no form to boot.</summary>
    public static BootPlan? Parse(KernelArguments arguments, out IReadOnlyList<string> problems)
    {
        List<string> found = [];
        foreach (KernelArgument argument in arguments)
        {
            if (argument.Key.StartsWith(Prefix, StringComparison.Ordinal) && !Keys.Any(key => argument.Is(Prefix + key)))
            {
                found.Add($"{argument}: there is no such argument");
            }
        }
        problems = found;
        string? formName = arguments.Last("rootcast.form");
        if (formName is null)
        {
            found.Add("rootcast.form= is missing: nothing says which form to boot");
            return null;
        }
        if (Names.FormOf(formName) is not { } form)
        {
            found.Add($"rootcast.form={formName}: not one of {string.Join(", ", Names.Forms)}");
            return null;
        }
        BootPlan defaults = new() { Form = form };
        return defaults with
        {
            Carrier = Read("rootcast.carrier", defaults.Carrier, Names.CarrierOf),
            Artefact = ReadIdentity("rootcast.artefact"),
            Device = arguments.Last("rootcast.device"),
            Path = arguments.Last("rootcast.path"),
            Url = arguments.Last("rootcast.url"),
            Size = Read("rootcast.size", defaults.Size, ReadSize),
            OverlaySize = Read("rootcast.overlay.size", defaults.OverlaySize, ReadSize),
            Timeout = Read("rootcast.timeout", defaults.Timeout, ReadSeconds),
            Countdown = Read("rootcast.countdown", defaults.Countdown, ReadSeconds),
            OnFail = Read("rootcast.onfail", defaults.OnFail, ReadOnFail),
            Verify = arguments.Has("rootcast.verify") ? arguments.Flag("rootcast.verify") : null,
            Rescue = arguments.Flag("rootcast.rescue"),
            Init = arguments.Last("init"),
            Ip = arguments.Last("ip"),
            WriteTestBytes = Read("rootcast.writetest", 0L, text => ReadSize(text) is { IsPercent: false } size ? size.Amount : null),
        };

        T Read<T>(string key, T fallback, Func<string, T?> parse)
            where T : struct => ReadText(key) is { } text ? parse(text) ?? Refuse(key, text, fallback) : fallback;

        ArtefactIdentity? ReadIdentity(string key) =>
            ReadText(key) is not { } text ? null
            : ArtefactIdentity.TryParse(text, out ArtefactIdentity? identity) ? identity
            : Refuse<ArtefactIdentity?>(key, text, null);

        string? ReadText(string key) => arguments.Last(key);

        T Refuse<T>(string key, string text, T fallback)
        {
            found.Add($"{key}={text}: not understood; {fallback?.ToString() ?? "nothing"} is used");
            return fallback;
        }
    }

    /// <summary>The plan as arguments; what has its default is left out. <see cref="Parse"/> reads the same plan from them.</summary>
    public KernelArguments ToArguments()
    {
        BootPlan defaults = new() { Form = Form };
        List<KernelArgument> arguments = [new("rootcast.form", Names.Of(Form)), new("rootcast.carrier", Names.Of(Carrier))];
        Add("rootcast.artefact", Artefact?.ToString());
        Add("rootcast.device", Device);
        Add("rootcast.path", Path);
        Add("rootcast.url", Url);
        Add("rootcast.size", Size == defaults.Size ? null : Size.ToString());
        Add("rootcast.overlay.size", OverlaySize == defaults.OverlaySize ? null : OverlaySize.ToString());
        Add("rootcast.timeout", Timeout == defaults.Timeout ? null : Seconds(Timeout));
        Add("rootcast.countdown", Countdown == defaults.Countdown ? null : Seconds(Countdown));
        Add("rootcast.onfail", OnFail == defaults.OnFail ? null : OnFailName(OnFail));
        Add("rootcast.verify", Verify is { } verify ? (verify ? "yes" : "no") : null);
        if (Rescue)
        {
            arguments.Add(new KernelArgument("rootcast.rescue", null));
        }
        Add("init", Init);
        Add("ip", Ip);
        Add("rootcast.writetest", WriteTestBytes == 0 ? null : WriteTestBytes.ToString(CultureInfo.InvariantCulture));
        return new KernelArguments(arguments);

        void Add(string key, string? value)
        {
            if (value is not null)
            {
                arguments.Add(new KernelArgument(key, value));
            }
        }
    }

    private static SizeBound? ReadSize(string text) => SizeBound.TryParse(text, out SizeBound size) ? size : null;

    private static TimeSpan? ReadSeconds(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) && seconds <= 86_400
            ? TimeSpan.FromSeconds(seconds)
            : null;

    private static string Seconds(TimeSpan time) => ((long)time.TotalSeconds).ToString(CultureInfo.InvariantCulture);

    private static OnFail? ReadOnFail(string text) =>
        text switch
        {
            "reboot" => Contract.OnFail.Reboot,
            "halt" => Contract.OnFail.Halt,
            "shell" => Contract.OnFail.Shell,
            _ => null,
        };

    private static string OnFailName(OnFail onFail) =>
        onFail switch
        {
            Contract.OnFail.Halt => "halt",
            Contract.OnFail.Shell => "shell",
            _ => "reboot",
        };
}
