namespace Rootcast.Lab.Boots;

/// <summary>How a watched boot ended.</summary>
public enum BootEnding
{
    /// <summary>The mark that was waited for came, and with <c>ready</c> the whole report.</summary>
    Reached,

    /// <summary>Init showed its failure screen.</summary>
    Failed,

    /// <summary>The guest restarted.</summary>
    Reset,

    /// <summary>The guest powered itself off.</summary>
    PoweredOff,

    /// <summary>The guest's kernel panicked.</summary>
    Panicked,

    /// <summary>QEMU ended by itself.</summary>
    QemuExited,

    /// <summary>Nothing of that within the deadline.</summary>
    Deadline,
}
