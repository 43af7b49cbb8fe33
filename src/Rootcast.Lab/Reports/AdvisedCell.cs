using Rootcast.Lab.Measuring;

namespace Rootcast.Lab.Reports;

/// <summary>What a form by a carrier would cost on the machine that was asked for.</summary>
/// <param name="Cell">What was measured.</param>
/// <param name="BaseBytes">Memory of the machine that it takes before anything is written.</param>
/// <param name="WritesBytes">Memory that the writes take.</param>
/// <param name="DeliveredBytes">What is brought over the link; by carrier <c>disk</c> nothing is.</param>
/// <param name="TransferSeconds">How long that takes; 0 without a link.</param>
/// <param name="IsSearched">Whether <paramref name="BaseBytes"/> is the least memory that was found by booting, and not reckoned.</param>
public sealed record AdvisedCell(
    MeasureCell Cell,
    long BaseBytes,
    long WritesBytes,
    long DeliveredBytes,
    double TransferSeconds,
    bool IsSearched
)
{
    /// <summary>All of it.</summary>
    public long NeededBytes => BaseBytes + WritesBytes;
}
