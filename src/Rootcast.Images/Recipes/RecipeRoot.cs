namespace Rootcast.Images.Recipes;

/// <summary>How root gets into the machine. Without either, the tree's own way is left alone.</summary>
public sealed record RecipeRoot
{
    /// <summary>What stands in <c>/etc/shadow</c>, as <c>mkpasswd</c> prints it.</summary>
    public string? PasswordHash { get; init; }

    /// <summary>Lines of <c>/root/.ssh/authorized_keys</c>.</summary>
    public IReadOnlyList<string> SshKeys { get; init; } = [];
}
