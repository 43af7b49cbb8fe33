using Rootcast.Contract;

namespace Rootcast.Init.Forms;

/// <summary>The form that a plan names.</summary>
public static class FormOf
{
    /// <summary>Chooses it.</summary>
    public static IForm Plan(BootPlan plan) =>
        plan.Form switch
        {
            Form.Tmpfs => new TmpfsForm(),
            Form.Ramdisk => new RamdiskForm(),
            _ => new SquashfsForm(),
        };
}
