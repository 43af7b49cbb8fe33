namespace Rootcast.Linux;

/// <summary>The system said no. Thrown by <see cref="Syscall"/> alone.</summary>
public sealed class LinuxException : Exception
{
    internal LinuxException(string operation, string target, int errno, string? kernelMessage = null)
        : base(
            kernelMessage is null
                ? $"{operation} {target}: {Errno.Describe(errno)}"
                : $"{operation} {target}: {Errno.Describe(errno)} (kernel: {kernelMessage})"
        )
    {
        Operation = operation;
        Target = target;
        Number = errno;
        KernelMessage = kernelMessage;
    }

    /// <summary>What was tried: <c>mount squashfs</c>.</summary>
    public string Operation { get; }

    /// <summary>On what: <c>/dev/loop0</c>.</summary>
    public string Target { get; }

    /// <summary>The errno, see <see cref="Errno"/>.</summary>
    public int Number { get; }

    /// <summary>What the kernel logged about it, for mounts.</summary>
    public string? KernelMessage { get; }
}
