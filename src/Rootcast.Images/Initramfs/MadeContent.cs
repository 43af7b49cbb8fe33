namespace Rootcast.Images.Initramfs;

/// <summary>Content that is made while an initramfs is built.</summary>
internal enum MadeContent
{
    /// <summary>The program that the kernel runs first.</summary>
    Init,

    /// <summary>An index of kmod, cut down to the modules that are packed.</summary>
    Index,

    /// <summary>The manifest of the initramfs that it is in.</summary>
    Manifest,
}
