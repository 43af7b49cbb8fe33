namespace Rootcast.Images.Boot;

/// <summary>Initramfs of others that <see cref="PeerLine"/> writes lines for.</summary>
public enum PeerInitramfs
{
    /// <summary>dracut up to 059, with the modules dmsquash-live and livenet (Debian 12).</summary>
    Dracut059,

    /// <summary>dracut 060 to 109 (Debian 13 has 106).</summary>
    Dracut106,

    /// <summary>dracut since 110, whose overlay parameters have new names.</summary>
    Dracut112,

    /// <summary>live-boot with initramfs-tools.</summary>
    LiveBoot,

    /// <summary>dracut 004 of EL6 with the patch of the article on root in tmpfs.</summary>
    El6,
}
