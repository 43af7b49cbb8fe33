namespace Rootcast.Lab.Machines;

/// <summary>Where the first serial port of a machine goes. It is always kept in the console log too.</summary>
public enum ConsoleMode
{
    /// <summary>Into the console log alone.</summary>
    Log,

    /// <summary>To the terminal that started us, in raw mode; Ctrl-A X ends the machine, Ctrl-A C is QEMU's monitor.</summary>
    Terminal,
}
