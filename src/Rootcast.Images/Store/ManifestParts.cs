using Rootcast.Contract;

namespace Rootcast.Images.Store;

/// <summary>Parts of an image by their names, with words for what is not there.</summary>
public static class ManifestParts
{
    /// <summary>The artefact of a form.</summary>
    /// <exception cref="UserError">The image was not cast into that form.</exception>
    public static ImageArtefact ArtefactOf(this ImageManifest image, Form form) =>
        image.Artefacts.FirstOrDefault(artefact => artefact.Form == form)
        ?? throw new UserError(
            $"The image '{image.Name}' was not cast into the form {Names.Of(form)}.",
            $"It has: {string.Join(", ", image.Artefacts.Select(artefact => Names.Of(artefact.Form)))}. Add the form to the recipe and build again.",
            UserErrorKind.Input
        );
}
