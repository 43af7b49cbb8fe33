using System.Globalization;
using System.Text;
using Rootcast.Contract;

namespace Rootcast.Images.Loaders;

/// <summary>A <c>grub.cfg</c> for a boot menu. A pure function.</summary>
public static class GrubConfig
{
    /// <summary>Seconds until the first entry boots by itself.</summary>
    public const int TimeoutSeconds = 3;

    /// <summary>The text; the first entry is the default.</summary>
    /// <exception cref="UserError">An argument cannot be said through GRUB.</exception>
    public static string Text(IReadOnlyList<BootEntry> entries)
    {
        StringBuilder text = new("# Written by rootcast.\n");
        if (entries.Select(entry => SerialPort(entry.CommandLine)).FirstOrDefault(port => port is not null) is { } port)
        {
            // Where the kernel's console is, the menu is too. A machine without that port goes on without.
            text.Append(
                CultureInfo.InvariantCulture,
                $"if serial --unit={port} --speed=115200; then\n  terminal_input console serial\n  terminal_output console serial\nfi\n"
            );
        }
        text.Append(CultureInfo.InvariantCulture, $"insmod all_video\nset default=0\nset timeout={TimeoutSeconds}\n");
        foreach (BootEntry entry in entries)
        {
            text.Append(CultureInfo.InvariantCulture, $"menuentry {Quote(entry.Title)} {{\n  linux {Quote(entry.Kernel)}");
            foreach (KernelArgument argument in entry.CommandLine)
            {
                text.Append(' ').Append(Word(argument));
            }
            text.Append(CultureInfo.InvariantCulture, $"\n  initrd {Quote(entry.Initrd)}\n}}\n");
        }
        return text.ToString();
    }

    /// <summary>GRUB quotes a word with blanks itself, and puts a backslash before quotes and backslashes, which the kernel would keep.</summary>
    private static string Word(KernelArgument argument)
    {
        string raw = argument.Value is null ? argument.Key : $"{argument.Key}={argument.Value}";
        return raw.AsSpan().ContainsAny("\"'\\\r\n")
            ? throw new UserError(
                $"the kernel argument {argument} cannot be passed on by GRUB: it has a quote, a backslash or a line break in it",
                "Leave it out, or make a UKI (rootcast uki), which carries any command line.",
                UserErrorKind.Input
            )
            : Quote(raw);
    }

    private static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static char? SerialPort(KernelArguments arguments)
    {
        const string port = "ttyS";
        string? console = arguments.Last("console");
        return console is not null && console.StartsWith(port, StringComparison.Ordinal) && console.Length > port.Length
            ? console[port.Length]
            : null;
    }
}
