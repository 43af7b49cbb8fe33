using System.Xml.Linq;

namespace Rootcast.Tests;

/// <summary>Holds the arrows of docs/architecture.md by reading the project files.</summary>
public class ProjectReferenceTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Contract"] = [],
        ["Linux"] = [],
        ["Formats"] = [],
        ["Protocols"] = [],
        ["Init"] = ["Contract", "Linux", "Formats", "Protocols"],
        ["Images"] = ["Contract", "Formats", "Linux"],
        ["Lab"] = ["Images"],
        ["Server"] = ["Contract", "Protocols", "Images"],
        ["Cli"] = ["Contract", "Linux", "Formats", "Protocols", "Images", "Lab", "Server"],
    };

    [Fact]
    public void EveryProjectIsInTheTable()
    {
        string[] projects = [.. Directory.GetDirectories(Path.Combine(Checkout.Root, "src")).Select(Name).Order(StringComparer.Ordinal)];
        Assert.Equal(Allowed.Keys.Order(StringComparer.Ordinal), projects);
    }

    [Fact]
    public void ArrowsGoOneWay()
    {
        foreach ((string project, string[] allowed) in Allowed)
        {
            string[] references =
            [
                .. Elements(project, "ProjectReference").Select(reference => Name(reference.Attribute("Include")!.Value)),
            ];
            Assert.True(
                references.All(reference => allowed.Contains(reference, StringComparer.Ordinal)),
                $"Rootcast.{project} references {string.Join(", ", references)}; allowed: {string.Join(", ", allowed)}"
            );
        }
    }

    [Fact]
    public void OnlyLinuxIsUnsafe()
    {
        IEnumerable<string> unsafeProjects = Allowed.Keys.Where(project => Elements(project, "AllowUnsafeBlocks").Any());
        Assert.Equal(["Linux"], unsafeProjects);
    }

    [Fact]
    public void OnlyServerTakesTheWebFramework()
    {
        IEnumerable<string> webProjects = Allowed.Keys.Where(project => Elements(project, "FrameworkReference").Any());
        Assert.Equal(["Server"], webProjects);
    }

    [Fact]
    public void EveryDependencySaysWhyItIsThere()
    {
        XElement packages = XDocument.Load(Path.Combine(Checkout.Root, "Directory.Packages.props")).Root!;
        foreach (XElement package in packages.Descendants("PackageVersion"))
        {
            Assert.True(
                package.NodesBeforeSelf().OfType<XNode>().LastOrDefault(node => node is not XText) is XComment,
                $"{package.Attribute("Include")!.Value} has no comment before it that says why"
            );
        }
    }

    private static IEnumerable<XElement> Elements(string project, string name) =>
        XDocument.Load(Path.Combine(Checkout.Root, "src", $"Rootcast.{project}", $"Rootcast.{project}.csproj")).Descendants(name);

    private static string Name(string path)
    {
        string file = Path.GetFileName(path);
        file = file.EndsWith(".csproj", StringComparison.Ordinal) ? file[..^".csproj".Length] : file;
        return file["Rootcast.".Length..];
    }
}
