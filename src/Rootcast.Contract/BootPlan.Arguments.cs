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
        "options",
        "activate",
        "daemon",
        "zfs",
        "zfs.snapshot",
        "zfs.force",
        "zfs.readonly",
        "zfs.key",
        "zfs.arc",
        "size",
        "zram.compressor",
        "mpol",
        "overlay",
        "overlay.size",
        "overlay.inodes",
        "overlay.path",
        "overlay.layout",
        "overlay.reset",
        "overlay.readonly",
        "toram",
        "timeout",
        "onfail",
        "countdown",
        "rescue",
        "inside",
        "link",
        "network",
        "report",
        "secrets",
        "token",
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
            Carriers = ReadText("rootcast.carrier") is { } order
                ? CarrierOrder.Parse(order) ?? Refuse("rootcast.carrier", order, defaults.Carriers)
                : defaults.Carriers,
            Artefact = ReadIdentity("rootcast.artefact"),
            Device = arguments.Last("rootcast.device"),
            Path = arguments.Last("rootcast.path"),
            Url = arguments.Last("rootcast.url"),
            Options = arguments.Last("rootcast.options"),
            Activate = arguments.Last("rootcast.activate"),
            Daemon = ReadDaemon("rootcast.daemon"),
            Zfs = ReadZfsName("rootcast.zfs"),
            ZfsSnapshot = ReadZfsName("rootcast.zfs.snapshot"),
            ZfsForce = arguments.Flag("rootcast.zfs.force"),
            ZfsReadOnly = arguments.Flag("rootcast.zfs.readonly"),
            ZfsKey = ReadZfsKey("rootcast.zfs.key"),
            ZfsCache = Read("rootcast.zfs.arc", defaults.ZfsCache, ReadSize),
            Size = Read("rootcast.size", defaults.Size, ReadSize),
            ZramCompressor = ReadText("rootcast.zram.compressor") ?? defaults.ZramCompressor,
            MemoryPolicy = ReadMemoryPolicy("rootcast.mpol"),
            OverlaySize = Read("rootcast.overlay.size", defaults.OverlaySize, ReadSize),
            Overlay = ReadOverlay("rootcast.overlay"),
            OverlayInodes = Read<long>("rootcast.overlay.inodes", 0, ReadCount) is var inodes and > 0 ? inodes : null,
            OverlayPath = ReadText("rootcast.overlay.path") ?? defaults.OverlayPath,
            OverlayLayout = Read("rootcast.overlay.layout", defaults.OverlayLayout, ReadLayout),
            OverlayReset = arguments.Flag("rootcast.overlay.reset"),
            OverlayReadOnly = arguments.Flag("rootcast.overlay.readonly"),
            Timeout = Read("rootcast.timeout", defaults.Timeout, ReadSeconds),
            Countdown = Read("rootcast.countdown", defaults.Countdown, ReadSeconds),
            OnFail = Read("rootcast.onfail", defaults.OnFail, ReadOnFail),
            Verify = arguments.Has("rootcast.verify") ? arguments.Flag("rootcast.verify") : null,
            ToRam = arguments.Flag("rootcast.toram"),
            Rescue = ReadRescue("rootcast.rescue"),
            Inside = arguments.Last("rootcast.inside"),
            Link = arguments.Last("rootcast.link"),
            Network = arguments.Flag("rootcast.network"),
            Report = arguments.Last("rootcast.report"),
            Secrets = arguments.Last("rootcast.secrets"),
            Token = arguments.Last("rootcast.token"),
            Init = arguments.Last("init"),
            Ip = arguments.Last("ip"),
            WriteTestBytes = Read("rootcast.writetest", 0L, ReadCount),
        };

        T Read<T>(string key, T fallback, Func<string, T?> parse)
            where T : struct => ReadText(key) is { } text ? parse(text) ?? Refuse(key, text, fallback) : fallback;

        ArtefactIdentity? ReadIdentity(string key) =>
            ReadText(key) is not { } text ? null
            : ArtefactIdentity.TryParse(text, out ArtefactIdentity? identity) ? identity
            : Refuse<ArtefactIdentity?>(key, text, null);

        string? ReadOverlay(string key) =>
            ReadText(key) is not { } text || text == "tmpfs" ? null
            : text == NoOverlay || IsDevice(text) ? text
            : Refuse<string?>(key, text, null);

        string? ReadDaemon(string key) =>
            ReadText(key) is not { } text ? null
            : RootDaemon.IsName(text) ? text
            : Refuse<string?>(key, text, null);

        string? ReadZfsName(string key) =>
            ReadText(key) is not { } text || text == "auto" ? null
            : IsZfsName(text) ? text
            : Refuse<string?>(key, text, null);

        string? ReadZfsKey(string key) =>
            ReadText(key) is not { } text ? null
            : text.StartsWith("file:///", StringComparison.Ordinal)
            || text.StartsWith("http://", StringComparison.Ordinal)
            || text.StartsWith("https://", StringComparison.Ordinal)
                ? text
            : Refuse<string?>(key, text, null);

        string? ReadMemoryPolicy(string key) =>
            ReadText(key) is not { } text ? null
            : IsMemoryPolicy(text) ? text
            : Refuse<string?>(key, text, null);

        RescuePoint ReadRescue(string key) =>
            !arguments.Flag(key) ? RescuePoint.None
            : ReadText(key) is null or "1" or "yes" or "on" ? RescuePoint.Artefact
            : ReadText(key) is "handover" ? RescuePoint.Handover
            : Refuse(key, ReadText(key)!, RescuePoint.Artefact);

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
        List<KernelArgument> arguments = [new("rootcast.form", Names.Of(Form))];
        Add("rootcast.carrier", Carriers.Equals(defaults.Carriers) ? null : Carriers.ToString());
        Add("rootcast.artefact", Artefact?.ToString());
        Add("rootcast.device", Device);
        Add("rootcast.path", Path);
        Add("rootcast.url", Url);
        Add("rootcast.options", Options);
        Add("rootcast.activate", Activate);
        Add("rootcast.daemon", Daemon);
        Add("rootcast.zfs", Zfs);
        Add("rootcast.zfs.snapshot", ZfsSnapshot);
        AddSwitch("rootcast.zfs.force", ZfsForce);
        AddSwitch("rootcast.zfs.readonly", ZfsReadOnly);
        Add("rootcast.zfs.key", ZfsKey);
        Add("rootcast.zfs.arc", ZfsCache == defaults.ZfsCache ? null : ZfsCache.ToString());
        Add("rootcast.size", Size == defaults.Size ? null : Size.ToString());
        Add("rootcast.zram.compressor", ZramCompressor == defaults.ZramCompressor ? null : ZramCompressor);
        Add("rootcast.mpol", MemoryPolicy);
        Add("rootcast.overlay.size", OverlaySize == defaults.OverlaySize ? null : OverlaySize.ToString());
        Add("rootcast.overlay", Overlay);
        Add("rootcast.overlay.inodes", OverlayInodes?.ToString(CultureInfo.InvariantCulture));
        Add("rootcast.overlay.path", OverlayPath == defaults.OverlayPath ? null : OverlayPath);
        Add("rootcast.overlay.layout", OverlayLayout == defaults.OverlayLayout ? null : LayoutName(OverlayLayout));
        AddSwitch("rootcast.overlay.reset", OverlayReset);
        AddSwitch("rootcast.overlay.readonly", OverlayReadOnly);
        Add("rootcast.timeout", Timeout == defaults.Timeout ? null : Seconds(Timeout));
        Add("rootcast.countdown", Countdown == defaults.Countdown ? null : Seconds(Countdown));
        Add("rootcast.onfail", OnFail == defaults.OnFail ? null : OnFailName(OnFail));
        Add("rootcast.verify", Verify is { } verify ? (verify ? "yes" : "no") : null);
        AddSwitch("rootcast.toram", ToRam);
        if (Rescue != RescuePoint.None)
        {
            arguments.Add(new KernelArgument("rootcast.rescue", Rescue == RescuePoint.Handover ? "handover" : null));
        }
        Add("rootcast.inside", Inside);
        Add("rootcast.link", Link);
        AddSwitch("rootcast.network", Network);
        Add("rootcast.report", Report);
        Add("rootcast.secrets", Secrets);
        Add("rootcast.token", Token);
        Add("init", Init);
        Add("ip", Ip);
        Add("rootcast.writetest", WriteTestBytes == 0 ? null : WriteTestBytes.ToString(CultureInfo.InvariantCulture));
        return new KernelArguments(arguments);

        void AddSwitch(string key, bool on)
        {
            if (on)
            {
                arguments.Add(new KernelArgument(key, null));
            }
        }

        void Add(string key, string? value)
        {
            if (value is not null)
            {
                arguments.Add(new KernelArgument(key, value));
            }
        }
    }

    private static SizeBound? ReadSize(string text) => SizeBound.TryParse(text, out SizeBound size) ? size : null;

    private static long? ReadCount(string text) => ReadSize(text) is { IsPercent: false } size ? size.Amount : null;

    private static bool IsDevice(string text) =>
        text.StartsWith("/dev/", StringComparison.Ordinal)
        || text.StartsWith("LABEL=", StringComparison.Ordinal)
        || text.StartsWith("UUID=", StringComparison.Ordinal)
        || text.StartsWith("PARTUUID=", StringComparison.Ordinal);

    /// <summary>zfs(8): letters, digits, and these; it becomes an argument of a program, which must not take it for an option.</summary>
    private static bool IsZfsName(string text) =>
        text.Length is > 0 and < 256
        && char.IsAsciiLetterOrDigit(text[0])
        && !text.AsSpan().ContainsAnyExcept("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:/")
        && !text.Contains("//", StringComparison.Ordinal)
        && text[^1] != '/';

    /// <summary>tmpfs would take a comma and what follows for another option, if it is no number.</summary>
    private static bool IsMemoryPolicy(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        ReadOnlySpan<char> mode = colon < 0 ? text : text.AsSpan(0, colon);
        return mode is DefaultMemoryPolicy or "local" or "interleave" or "prefer" or "bind"
            && (colon < 0 || (char.IsAsciiDigit(text[^1]) && !text.AsSpan(colon + 1).ContainsAnyExcept("0123456789,-")));
    }

    private static TimeSpan? ReadSeconds(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) && seconds <= 86_400
            ? TimeSpan.FromSeconds(seconds)
            : null;

    private static string Seconds(TimeSpan time) => ((long)time.TotalSeconds).ToString(CultureInfo.InvariantCulture);

    private static OverlayLayout? ReadLayout(string text) =>
        text switch
        {
            "rootcast" => OverlayLayout.Rootcast,
            "dracut" => OverlayLayout.Dracut,
            "live-boot" => OverlayLayout.LiveBoot,
            _ => null,
        };

    private static string LayoutName(OverlayLayout layout) =>
        layout switch
        {
            OverlayLayout.Dracut => "dracut",
            OverlayLayout.LiveBoot => "live-boot",
            _ => "rootcast",
        };

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
