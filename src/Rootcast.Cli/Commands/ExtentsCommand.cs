using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Rootcast.Cli.Data;
using Rootcast.Cli.Terminal;
using Rootcast.Images.Cpio;

namespace Rootcast.Cli.Commands;

/// <summary><c>rootcast extents</c>.</summary>
internal static class ExtentsCommand
{
    public static Command Create(Session session)
    {
        Argument<string> file = new("FILE") { Description = "An initrd, or any file" };
        Option<bool> json = CommonOptions.Json();
        DocumentedCommand command = new(
            "extents",
            "Show how much of a file shares extents with others, and which entries of an initrd do not and why.",
            "rootcast extents /boot/initrd.img",
            "rootcast extents initrd --json"
        )
        {
            file,
            json,
        };
        command.SetAction(parsed => Run(session, parsed.GetRequiredValue(file), parsed.GetValue(json)));
        return command;
    }

    private static int Run(Session session, string path, bool json)
    {
        ArchiveExtents extents = ArchiveExtents.Of(path);
        if (json)
        {
            session.WriteJson(JsonSerializer.SerializeToUtf8Bytes(ExtentsData.Of(extents), CliJson.Default.ExtentsData));
            return ExitCodes.Done;
        }
        double share = extents.TotalBytes == 0 ? 0 : 100.0 * extents.SharedBytes / extents.TotalBytes;
        session.Output.WriteLine($"total      {Amounts.Bytes(extents.TotalBytes)}");
        session.Output.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"shared     {Amounts.Bytes(extents.SharedBytes)} ({share:0.0} %)")
        );
        session.Output.WriteLine($"exclusive  {Amounts.Bytes(extents.ExclusiveBytes)}");
        session.Output.WriteLine($"extents    {extents.Extents}");
        foreach (MissedSharing missed in extents.Missed)
        {
            session.Output.WriteLine($"missed     {missed.Path} ({Amounts.Bytes(missed.Bytes)}): {missed.Reason}");
        }
        return ExitCodes.Done;
    }
}
