namespace Rootcast.Protocols.Tftp;

/// <summary>What the sender of a file does next.</summary>
public enum TftpAction
{
    /// <summary>It waits: for <see cref="TftpTransfer.Wait"/>, or what is left of it.</summary>
    Wait,

    /// <summary>It sends <see cref="TftpStep.Packet"/> and waits.</summary>
    SendPacket,

    /// <summary>It sends blocks and waits.</summary>
    SendBlocks,

    /// <summary>The client has everything.</summary>
    Done,

    /// <summary>It gives up; <see cref="TftpStep.Packet"/>, where there is one, tells the client.</summary>
    Failed,
}
