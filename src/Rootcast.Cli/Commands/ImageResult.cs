using System.Text.Json;
using Rootcast.Cli.Data;
using Rootcast.Contract;
using Rootcast.Images.Store;
using Spectre.Console;

namespace Rootcast.Cli.Commands;

/// <summary>How commands that make an image tell which one it is.</summary>
internal static class ImageResult
{
    /// <summary>Name and digest as data, and for people how it is booted.</summary>
    public static async Task WriteAsync(Session session, StoredImage image, bool json)
    {
        if (json)
        {
            session.WriteJson(JsonSerializer.SerializeToUtf8Bytes(ImageData.Of(image), CliJson.Default.ImageData));
            return;
        }
        await session.Output.WriteLineAsync($"{image.Manifest.Name} {image.Digest}");
        session.People.WriteLine(
            $"Boot it: rootcast boot {image.Manifest.Name} --form {Names.Of(image.Manifest.Artefacts[0].Form)} --carrier {Names.Of(FormCarriers.IsInPlace(image.Manifest.Artefacts[0].Form) ? Carrier.Disk : Carrier.Initrd)}"
        );
    }
}
