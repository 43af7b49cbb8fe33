using System.CommandLine;
using System.Text.Json;
using Rootcast.Cli.Data;
using Rootcast.Images.Initramfs;

namespace Rootcast.Cli.Commands;

/// <summary><c>rootcast initramfs diff</c>.</summary>
internal static class InitramfsDiffCommand
{
    public static Command Create(Session session)
    {
        Argument<string> first = new("A") { Description = "An initrd's file, else the name of an image in the store" };
        Argument<string> second = new("B") { Description = "Another" };
        Option<bool> json = CommonOptions.Json();
        DocumentedCommand command = new(
            "diff",
            "Say what two initrds do not have in common: only in the first (-), only in the second (+), different (~). Ends with 1 when there is anything.",
            "rootcast initramfs diff /boot/initrd.img.old /boot/initrd.img"
        )
        {
            first,
            second,
            json,
        };
        command.SetAction(
            (parsed, cancellation) =>
            {
                IReadOnlyList<InitramfsDifference> differences = InitramfsDifference.Between(
                    InitramfsContents.Facts(InitramfsCommand.PathOf(session, parsed.GetRequiredValue(first)), cancellation),
                    InitramfsContents.Facts(InitramfsCommand.PathOf(session, parsed.GetRequiredValue(second)), cancellation)
                );
                if (parsed.GetValue(json))
                {
                    session.WriteJson(JsonSerializer.SerializeToUtf8Bytes(differences, CliJson.Default.IReadOnlyListInitramfsDifference));
                }
                else
                {
                    foreach (InitramfsDifference difference in differences)
                    {
                        session.Output.WriteLine(difference.ToString());
                    }
                }
                return Task.FromResult(differences.Count == 0 ? ExitCodes.Done : ExitCodes.Failed);
            }
        );
        return command;
    }
}
