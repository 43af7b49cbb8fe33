using System.Text.RegularExpressions;

namespace Rootcast.Tests;

/// <summary>Holds the ways of working that a compiler doesn't.</summary>
public partial class SourceFileTests
{
    [Fact]
    public void NoFileIsOver500Lines() =>
        AssertNone(All().Where(file => File.ReadLines(file).Count() > 500), "longer than 500 lines: split by aspect");

    [Fact]
    public void NamesAreTheFieldsOwn() =>
        AssertNone(
            All().Where(file => EmptyName().IsMatch(Path.GetFileNameWithoutExtension(file))),
            "named Manager, Helper, Utils or the like: name the thing"
        );

    [Fact]
    public void NothingWaitsBySleeping() =>
        AssertNone(
            Checkout.SourceFiles("src").Where(file => Sleeping().IsMatch(File.ReadAllText(file))),
            "sleeps: wait for the event instead"
        );

    [Fact]
    public void NothingIsLeftForLater() =>
        AssertNone(
            Checkout.SourceFiles("src").Where(file => File.ReadAllText(file).Contains("NotImplementedException", StringComparison.Ordinal)),
            "has a stub"
        );

    [Fact]
    public void OnlyLinuxImportsNativeCode() =>
        AssertNone(
            Checkout
                .SourceFiles("src")
                .Where(file => !Checkout.Relative(file).StartsWith("src/Rootcast.Linux/", StringComparison.Ordinal))
                .Where(file => Import().IsMatch(File.ReadAllText(file))),
            "imports native code: that belongs to Rootcast.Linux"
        );

    [Fact]
    public void EveryFormHasBothHalves()
    {
        foreach (Rootcast.Contract.Form form in Enum.GetValues<Rootcast.Contract.Form>())
        {
            foreach (string half in new[] { "Images", "Init" })
            {
                string file = Path.Combine(Checkout.Root, "src", $"Rootcast.{half}", "Forms", $"{form}Form.cs");
                Assert.True(File.Exists(file), $"form {form} has no {Checkout.Relative(file)}");
            }
        }
    }

    private static IEnumerable<string> All() => Checkout.SourceFiles("src").Concat(Checkout.SourceFiles("tests"));

    private static void AssertNone(IEnumerable<string> files, string complaint)
    {
        string[] found = [.. files.Select(Checkout.Relative)];
        Assert.True(found.Length == 0, $"{string.Join(", ", found)}: {complaint}");
    }

    [GeneratedRegex("(Manager|Helpers?|Utils?|Misc|Common|Impl)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex EmptyName();

    [GeneratedRegex(@"Thread\.Sleep|Task\.Delay\(", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Sleeping();

    [GeneratedRegex(@"\[(LibraryImport|DllImport)\(", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Import();
}
