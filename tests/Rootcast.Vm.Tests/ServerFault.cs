namespace Rootcast.Vm.Tests;

/// <summary>What is wrong with a <see cref="FaultyServer"/>.</summary>
public enum ServerFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>There is no such file.</summary>
    NotFound,

    /// <summary>The file lacks its last byte.</summary>
    ShortByOne,

    /// <summary>One bit in the middle differs.</summary>
    FlippedBit,

    /// <summary>The connection is closed in the middle, so many times.</summary>
    CutConnections,

    /// <summary>An eighth comes, then nothing more, on an open connection.</summary>
    Stalls,
}
