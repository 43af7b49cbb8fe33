namespace Rootcast.Images.Recipes;

/// <summary>A file of this host that goes into the initramfs.</summary>
/// <param name="From">Absolute path here.</param>
/// <param name="Path">Absolute path there.</param>
/// <param name="Place">Where the recipe says so.</param>
public sealed record RecipeInitramfsFile(string From, string Path, RecipePlace Place);
