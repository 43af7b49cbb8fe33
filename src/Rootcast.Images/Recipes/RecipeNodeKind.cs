namespace Rootcast.Images.Recipes;

internal enum RecipeNodeKind
{
    Text,
    List,
    Mapping,
}
