using Rootcast.Images.Tools;

namespace Rootcast.Cli.Host;

/// <summary>An outside program that a command needs.</summary>
/// <param name="Program">Its name.</param>
/// <param name="Why">What it does for us, in a few words.</param>
internal sealed record HostProgram(string Program, string Why)
{
    /// <summary>The Debian package that has it.</summary>
    public string Package => DebianPackages.Of(Program);

    /// <summary>Whether it is here.</summary>
    public bool IsHere => Tool.Find(Program) is not null || (IsFile && File.Exists(Program));

    /// <summary>Whether it is a file that is read, by its absolute path, and not a program.</summary>
    public bool IsFile => Program.StartsWith('/');
}
