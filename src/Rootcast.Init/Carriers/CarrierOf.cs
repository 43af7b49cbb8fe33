using Rootcast.Contract;

namespace Rootcast.Init.Carriers;

/// <summary>The carrier that a plan names.</summary>
public static class CarrierOf
{
    /// <summary>Chooses it.</summary>
    public static ICarrier Plan(BootPlan plan) =>
        plan.Carrier switch
        {
            Carrier.Disk => new DiskCarrier(),
            Carrier.Http => new HttpCarrier(),
            Carrier.Initrd => new InitrdCarrier(),
            _ => throw new UserError($"carrier {Names.Of(plan.Carrier)} is not in this init", "Boot by carrier disk or initrd."),
        };
}
