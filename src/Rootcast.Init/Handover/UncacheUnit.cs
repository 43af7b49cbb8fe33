namespace Rootcast.Init.Handover;

/// <summary>A unit that drops once, when the tree's default target is reached, what a form holds compressed and the boot has left in the page cache
/// decompressed. Trees without systemd go without.</summary>
public static class UncacheUnit
{
    /// <summary>What it is called.</summary>
    public const string Name = "rootcast-uncache.service";

    /// <summary>Places it.</summary>
    /// <param name="boot">The boot.</param>
    /// <param name="root">Where the tree is mounted.</param>
    /// <param name="program">Of the tree; where it has none the unit is skipped.</param>
    /// <param name="arguments">As a unit has them.</param>
    public static void Place(Boot boot, string root, string program, string arguments)
    {
        if (TreeInit.IsSystemd(root, TreeInit.Find(root, boot.Plan.Init)))
        {
            RunUnit.Place(
                Name,
                $"""
                [Unit]
                Description=Drop what the boot has left decompressed in the page cache
                After=default.target multi-user.target graphical.target
                Before=rootcast-ready.service
                ConditionFileIsExecutable={program}

                [Service]
                Type=oneshot
                ExecStart=-{program} {arguments}

                """
            );
        }
    }
}
