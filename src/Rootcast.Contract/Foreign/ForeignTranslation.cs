namespace Rootcast.Contract.Foreign;

/// <summary>A command line said in the boot plan's own words.</summary>
/// <param name="Arguments">What <see cref="BootPlan.Parse"/> reads: <c>rootcast.*</c>, <c>init=</c> and <c>ip=</c>, nothing else.</param>
/// <param name="Notes">What was taken for what, for the log.</param>
/// <param name="Problems">What can't be honoured, for the screen.</param>
public sealed record ForeignTranslation(KernelArguments Arguments, IReadOnlyList<string> Notes, IReadOnlyList<string> Problems);
