namespace Rootcast.Images.Recipes;

/// <summary>A script that runs in the tree. Its <c>#!</c> line names what runs it; without one that is <c>/bin/sh -e</c>.</summary>
/// <param name="Text">The script, when the recipe holds it.</param>
/// <param name="File">Absolute path of the script on this host, when it does not.</param>
/// <param name="Place">Where the recipe says so.</param>
public sealed record RecipeScript(string? Text, string? File, RecipePlace Place);
