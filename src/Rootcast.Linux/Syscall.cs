using System.Runtime.InteropServices;

namespace Rootcast.Linux;

/// <summary>The only place that throws <see cref="LinuxException"/>.</summary>
public static class Syscall
{
    /// <summary>Passes a result through, or throws with the errno of the last call when it is negative.</summary>
    /// <param name="result">What the call returned.</param>
    /// <param name="operation">What was tried: <c>mount squashfs</c>.</param>
    /// <param name="target">On what: <c>/dev/loop0</c>.</param>
    public static int Check(int result, string operation, string target) =>
        result >= 0 ? result : throw new LinuxException(operation, target, Marshal.GetLastPInvokeError());

    /// <inheritdoc cref="Check(int, string, string)"/>
    public static long Check(long result, string operation, string target) =>
        result >= 0 ? result : throw new LinuxException(operation, target, Marshal.GetLastPInvokeError());

    /// <summary>Throws for an errno that came another way (a netlink answer, a mount's log).</summary>
    public static LinuxException Failed(string operation, string target, int errno, string? kernelMessage = null) =>
        new(operation, target, errno, kernelMessage);
}
