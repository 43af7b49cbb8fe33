using System.Text;
using Rootcast.Contract;
using Rootcast.Init.Devices;
using Rootcast.Linux;
using Rootcast.Linux.Files;

namespace Rootcast.Init.Carriers;

/// <summary>Asks the carriers of a plan in their order; the first that has the artefact wins. Each miss is said with its reason.</summary>
public static class CarrierSearch
{
    /// <summary>Leaves out the carriers that can't have it, told without touching a device: then no driver is loaded for them.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="say">Is told why one is left out.</param>
    /// <returns>The plan with at least one carrier: where none is left all are, so that each says what it misses.</returns>
    public static BootPlan Narrow(BootPlan plan, Action<string> say) =>
        Narrow(plan, plan.Form == Form.Initramfs ? KernelUnpackedTree.IsThere : FileNodes.Exists(InitramfsPaths.Payload), say);

    /// <inheritdoc cref="Narrow(BootPlan, Action{string})"/>
    public static BootPlan Narrow(BootPlan plan, bool hasPayload, Action<string> say)
    {
        if (plan.Carriers.Count == 1)
        {
            return plan;
        }
        CarrierOrder? left = plan.Carriers.Where(carrier =>
        {
            string? missing = FormCarriers.WhyNot(plan.Form, carrier) ?? Missing(plan, carrier, hasPayload);
            if (missing is not null)
            {
                say($"not by {Names.Of(carrier)}: {missing}");
            }
            return missing is null;
        });
        return left is null ? plan : plan with { Carriers = left };
    }

    /// <summary>Finds the artefact.</summary>
    /// <returns>Where it is, and the boot with a plan that has only the carrier that had it.</returns>
    /// <exception cref="UserError">No carrier has it.</exception>
    public static (IArtefactSource Source, Boot Boot) Find(Boot boot)
    {
        CarrierOrder order = boot.Plan.Carriers;
        StringBuilder misses = new();
        for (int i = 0; i < order.Count; i++)
        {
            Carrier carrier = order[i];
            bool isLast = i == order.Count - 1;
            Boot one = boot with { Plan = boot.Plan with { Carrier = carrier }, OthersFollow = !isLast };
            if (i > 0)
            {
                boot.Devices.Want(modalias => WantedDevices.Needs(one.Plan, modalias));
            }
            try
            {
                return (CarrierOf.Plan(one.Plan).Find(one), one);
            }
            catch (Exception error) when (order.Count > 1 && error is UserError or LinuxException or InvalidDataException or IOException)
            {
                boot.Journal.Say($"not found by {Names.Of(carrier)}: {error.Message}");
                misses.Append(misses.Length == 0 ? "" : "; ").Append(error.Message);
            }
        }
        throw new UserError(
            $"no carrier has the artefact. {misses}",
            "Append the payload to the initrd, plug in a medium that rootcast iso wrote, or add rootcast.url= to the boot plan."
        );
    }

    private static string? Missing(BootPlan plan, Carrier carrier, bool hasPayload) =>
        carrier switch
        {
            Carrier.Initrd => hasPayload ? null : "the initrd has no payload segment",
            Carrier.Disk => plan.Device is not null || FormCarriers.IsPool(plan.Form) || plan.Artefact is not null
                ? null
                : "neither rootcast.device= nor rootcast.artefact= says what to look for",
            Carrier.Http => plan.Url is not null ? null : "rootcast.url= is missing",
            _ => null,
        };
}
