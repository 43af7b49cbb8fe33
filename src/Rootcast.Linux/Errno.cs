using System.Runtime.InteropServices;

namespace Rootcast.Linux;

/// <summary>The errno values that our code decides by (asm-generic/errno-base.h and errno.h).</summary>
public static class Errno
{
    public const int NotPermitted = 1;
    public const int NoEntry = 2;
    public const int Interrupted = 4;
    public const int InputOutput = 5;
    public const int NoSuchDeviceOrAddress = 6;
    public const int TryAgain = 11;
    public const int OutOfMemory = 12;
    public const int AccessDenied = 13;
    public const int BlockDeviceRequired = 15;
    public const int Busy = 16;
    public const int Exists = 17;
    public const int CrossDevice = 18;
    public const int NoDevice = 19;
    public const int NotDirectory = 20;
    public const int Invalid = 22;
    public const int NotTerminal = 25;
    public const int NoSpace = 28;
    public const int ReadOnly = 30;
    public const int NoSystemCall = 38;
    public const int NoData = 61;
    public const int NotSupported = 95;
    public const int NetworkDown = 100;
    public const int ConnectionReset = 104;
    public const int TimedOut = 110;
    public const int InProgress = 115;
    public const int QuotaExceeded = 122;

    /// <summary>The system's words for an errno and its number: <c>No such device (errno 19)</c>.</summary>
    public static string Describe(int errno) => $"{Marshal.GetPInvokeErrorMessage(errno)} (errno {errno})";
}
