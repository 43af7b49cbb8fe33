using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Rootcast.Cli;

/// <summary>What this program was built with.</summary>
/// <param name="Version">Rootcast's version.</param>
/// <param name="Framework">As .NET describes itself: <c>.NET 10.0.1</c>.</param>
/// <param name="Native">Whether it is compiled ahead of time.</param>
/// <param name="EndOfSupport">Last day on which Microsoft mends that framework; null when we don't know it.</param>
internal sealed record BuildFacts(string Version, string Framework, bool Native, DateOnly? EndOfSupport)
{
    /// <summary>Of the running program.</summary>
    public static BuildFacts Current { get; } =
        new(
            // Without the commit that the SDK appends.
            (typeof(BuildFacts).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0").Split(
                '+'
            )[0],
            RuntimeInformation.FrameworkDescription,
            !RuntimeFeature.IsDynamicCodeSupported,
            EndOfSupportOf(Environment.Version.Major)
        );

    /// <summary>All of it in one line.</summary>
    public string Line =>
        $"rootcast {Version}, {(Native ? "compiled ahead of time for" : "on")} {Framework} ({Support(DateOnly.FromDateTime(DateTime.UtcNow))})";

    /// <summary>Whether the framework is supported on that day, in words.</summary>
    public string Support(DateOnly today) =>
        EndOfSupport is not { } end ? "support unknown"
        : today <= end ? $"supported until {Day(end)}"
        : $"out of support since {Day(end)}";

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>From https://dotnet.microsoft.com/platform/support/policy/dotnet-core.</summary>
    private static DateOnly? EndOfSupportOf(int major) =>
        major switch
        {
            9 => new DateOnly(2026, 11, 10),
            10 => new DateOnly(2028, 11, 14),
            _ => null,
        };
}
