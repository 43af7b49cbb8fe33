using Rootcast.Contract;

namespace Rootcast.Images.Recipes;

public sealed partial record Recipe
{
    /// <summary>Reads a recipe file.</summary>
    /// <exception cref="UserError">Of kind Input: it is not there, is no YAML, or says something that is not understood.</exception>
    public static Recipe Load(string path) => Parse(Bytes(path), path);

    /// <summary>Reads a recipe's bytes.</summary>
    /// <param name="bytes">YAML in UTF-8, at most 1 MiB.</param>
    /// <param name="file">Its name for errors; paths in it are relative to this file's directory.</param>
    public static Recipe Parse(ReadOnlySpan<byte> bytes, string file) => new RecipeReader(file).Read(RecipeDocument.Parse(bytes, file));

    private static byte[] Bytes(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            // One byte too many is enough for the parser to refuse it.
            byte[] bytes = new byte[RecipeDocument.LargestBytes + 1];
            return bytes[..file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserError(
                $"the recipe {path} cannot be read: {error.Message}",
                "Name a recipe that is there; 'rootcast init' writes an example.",
                UserErrorKind.Input,
                error
            );
        }
    }
}
