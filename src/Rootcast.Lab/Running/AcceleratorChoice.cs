using Rootcast.Lab.Machines;

namespace Rootcast.Lab.Running;

/// <summary>Which accelerator a host's machines get.</summary>
/// <param name="Accelerator">The accelerator.</param>
/// <param name="Reason">Why, in a few words for people.</param>
public sealed record AcceleratorChoice(Accelerator Accelerator, string Reason);
