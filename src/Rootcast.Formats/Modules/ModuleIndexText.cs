namespace Rootcast.Formats.Modules;

/// <summary>The texts that depmod leaves beside the modules of one kernel; an absent file is an empty text.</summary>
public sealed record ModuleIndexText
{
    /// <summary>modules.dep: <c>PATH: PATH…</c></summary>
    public required string Dependencies { get; init; }

    /// <summary>modules.alias: <c>alias PATTERN NAME</c></summary>
    public string Aliases { get; init; } = "";

    /// <summary>modules.softdep: <c>softdep NAME pre: NAME… post: NAME…</c></summary>
    public string SoftDependencies { get; init; } = "";

    /// <summary>modules.weakdep: <c>weakdep NAME NAME…</c></summary>
    public string WeakDependencies { get; init; } = "";

    /// <summary>modules.builtin: a path a line.</summary>
    public string Builtin { get; init; } = "";

    /// <summary>modules.builtin.modinfo: <c>NAME.KEY=VALUE</c>, each ended by NUL.</summary>
    public string BuiltinInfo { get; init; } = "";

    /// <summary>modules.devname: <c>NAME NODE cMAJOR:MINOR</c></summary>
    public string DeviceNames { get; init; } = "";
}
