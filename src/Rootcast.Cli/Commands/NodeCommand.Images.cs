using System.CommandLine;
using System.Text.Json;
using Rootcast.Cli.Nodes;
using Rootcast.Server.Api;

namespace Rootcast.Cli.Commands;

/// <summary>Which image nodes get.</summary>
internal static partial class NodeCommand
{
    private static DocumentedCommand Assign(Session session)
    {
        NodeConnection connection = new();
        Argument<string> target = Target();
        Argument<string> image = new("IMAGE") { Description = "Name of an image in the server's store, or the beginning of its digest" };
        DocumentedCommand command = connection.AddTo(
            new DocumentedCommand(
                "assign",
                "From now on these nodes get this version of an image; those that boot finish with what they began.",
                "rootcast node assign rack=3 web:2",
                "rootcast node assign '*' web:2",
                "rootcast node assign 52:54:00:12:34:56 3f2a1b0c"
            )
            {
                target,
                image,
            }
        );
        command.SetAction(
            async (parsed, cancellation) =>
            {
                NodeClient client = connection.Open(parsed);
                AssignRequest request = new(parsed.GetRequiredValue(target), parsed.GetRequiredValue(image));
                AssignmentData done = await client.SendAsync(
                    "POST",
                    "/assignments",
                    JsonSerializer.SerializeToUtf8Bytes(request, ApiJson.Default.AssignRequest),
                    ApiJson.Default.AssignmentData,
                    cancellation
                );
                await session.Output.WriteLineAsync($"{done.Pattern} gets {NodeTexts.Version(done.Image, done.Digest)}");
                return ExitCodes.Done;
            }
        );
        return command;
    }

    private static DocumentedCommand Rollback(Session session)
    {
        NodeConnection connection = new();
        Argument<string> target = Target();
        DocumentedCommand command = connection.AddTo(
            new DocumentedCommand(
                "rollback",
                "Take back what was assigned last: what was before holds again.",
                "rootcast node rollback rack=3"
            )
            {
                target,
            }
        );
        command.SetAction(
            async (parsed, cancellation) =>
            {
                NodeClient client = connection.Open(parsed);
                RollbackData done = await client.SendAsync(
                    "POST",
                    "/rollback",
                    JsonSerializer.SerializeToUtf8Bytes(
                        new RollbackRequest(parsed.GetRequiredValue(target)),
                        ApiJson.Default.RollbackRequest
                    ),
                    ApiJson.Default.RollbackData,
                    cancellation
                );
                await session.Output.WriteLineAsync(
                    done.Now is { } now
                        ? $"{now.Pattern} gets {NodeTexts.Version(now.Image, now.Digest)} again"
                        : $"nothing is assigned to {done.Withdrawn.Pattern} any more"
                );
                return ExitCodes.Done;
            }
        );
        return command;
    }

    private static DocumentedCommand RebootTo(Session session)
    {
        NodeConnection connection = new();
        Argument<string> node = Node();
        Argument<string> image = new("IMAGE") { Description = "Name of an image in the server's store, or the beginning of its digest" };
        DocumentedCommand command = connection.AddTo(
            new DocumentedCommand(
                "reboot-to",
                "Give a node's next boot an image, that once. The node is not restarted.",
                "rootcast node reboot-to 52:54:00:12:34:56 rescue"
            )
            {
                node,
                image,
            }
        );
        command.SetAction(
            async (parsed, cancellation) =>
            {
                NodeClient client = connection.Open(parsed);
                NodeData done = await client.SendAsync(
                    "PUT",
                    PathOf(parsed.GetRequiredValue(node)) + "/next",
                    JsonSerializer.SerializeToUtf8Bytes(new ImageRequest(parsed.GetRequiredValue(image)), ApiJson.Default.ImageRequest),
                    ApiJson.Default.NodeData,
                    cancellation
                );
                await session.Output.WriteLineAsync($"{done.Id} boots {NodeTexts.Version(done.Next!.Name, done.Next.Digest)} next, once");
                return ExitCodes.Done;
            }
        );
        return command;
    }
}
