using Rootcast.Contract;

namespace Rootcast.Images.Recipes;

/// <summary>A root daemon that a recipe names: what init starts, and what of the tree is packed for it.</summary>
/// <param name="Daemon">What init starts.</param>
/// <param name="Programs">Further programs of the tree, with their libraries: what the daemon calls for its whole life.</param>
/// <param name="Files">Further files of the tree, as they are; one that the tree lacks is left out.</param>
/// <param name="Place">Where the recipe says so.</param>
public sealed record RecipeRootDaemon(RootDaemon Daemon, IReadOnlyList<string> Programs, IReadOnlyList<string> Files, RecipePlace Place);
