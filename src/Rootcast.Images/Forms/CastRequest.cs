using Rootcast.Images.Progress;
using Rootcast.Images.Trees;

namespace Rootcast.Images.Forms;

/// <summary>What a form's host half gets to work with.</summary>
/// <param name="Tree">The tree.</param>
/// <param name="Facts">What is known of it.</param>
/// <param name="Options">What the recipe says.</param>
/// <param name="Output">Where the artefact goes: a path in the store where nothing is yet.</param>
/// <param name="WorkDirectory">Where temporary files and directories may be made; the caller does not clean up.</param>
/// <param name="Stage">Where progress is shown, in bytes of the tree.</param>
public sealed record CastRequest(
    TreeArchive Tree,
    TreeFacts Facts,
    CastOptions Options,
    string Output,
    string WorkDirectory,
    IProgressStage Stage
);
