using System.Runtime.InteropServices;

namespace Rootcast.Linux.Libraries;

/// <summary>
/// Raw imports of Mbed TLS (ssl.h, x509_crt.h; 2.28 and 3.x have these alike): a TLS client for a tenth of what OpenSSL's would add to /init. Its structures are the
/// caller's memory and differ in length from release to release; <see cref="StructureBytes"/> is more than any has.
/// </summary>
internal static unsafe partial class TlsLibrary
{
    internal const string Name = "libmbedtls";
    internal const string CertificateName = "libmbedx509";

    /// <summary>The longest is 736 bytes in 2.28.</summary>
    internal const int StructureBytes = 8192;

    internal const int WantRead = -0x6900;
    internal const int WantWrite = -0x6880;
    internal const int ClosedByPeer = -0x7880;
    internal const int EndOfStream = -0x7280;
    internal const int NotVerified = -0x2700;

    /// <summary>What send and receive give back when the socket failed: MBEDTLS_ERR_NET_RECV_FAILED.</summary>
    internal const int SocketFailed = -0x004C;

    internal const int Client = 0;
    internal const int Stream = 0;
    internal const int DefaultPreset = 0;
    internal const int VerifyRequired = 2;

    /// <summary>TLS 1.2 on the wire.</summary>
    internal const int MajorVersion = 3;
    internal const int MinorVersion = 3;

    internal const uint Expired = 0x01;
    internal const uint OtherName = 0x04;
    internal const uint NotTrusted = 0x08;
    internal const uint NotYet = 0x0200;

    [LibraryImport(Name)]
    internal static partial void mbedtls_ssl_init(void* tls);

    [LibraryImport(Name)]
    internal static partial void mbedtls_ssl_free(void* tls);

    [LibraryImport(Name)]
    internal static partial void mbedtls_ssl_config_init(void* settings);

    [LibraryImport(Name)]
    internal static partial void mbedtls_ssl_config_free(void* settings);

    [LibraryImport(Name)]
    internal static partial int mbedtls_ssl_config_defaults(void* settings, int endpoint, int transport, int preset);

    [LibraryImport(Name)]
    internal static partial void mbedtls_ssl_conf_authmode(void* settings, int mode);

    [LibraryImport(Name)]
    internal static partial void mbedtls_ssl_conf_ca_chain(void* settings, void* authorities, void* revoked);

    [LibraryImport(Name)]
    internal static partial void mbedtls_ssl_conf_rng(
        void* settings,
        delegate* unmanaged[Cdecl]<void*, byte*, nuint, int> random,
        void* context
    );

    [LibraryImport(Name)]
    internal static partial void mbedtls_ssl_conf_ciphersuites(void* settings, int* suites);

    [LibraryImport(Name)]
    internal static partial void mbedtls_ssl_conf_min_version(void* settings, int major, int minor);

    [LibraryImport(Name)]
    internal static partial void mbedtls_ssl_conf_max_version(void* settings, int major, int minor);

    [LibraryImport(Name)]
    internal static partial int mbedtls_ssl_setup(void* tls, void* settings);

    [LibraryImport(Name)]
    internal static partial int mbedtls_ssl_set_hostname(void* tls, byte* name);

    [LibraryImport(Name)]
    internal static partial void mbedtls_ssl_set_bio(
        void* tls,
        void* context,
        delegate* unmanaged[Cdecl]<void*, byte*, nuint, int> send,
        delegate* unmanaged[Cdecl]<void*, byte*, nuint, int> receive,
        void* receiveWithTimeout
    );

    [LibraryImport(Name)]
    internal static partial int mbedtls_ssl_handshake(void* tls);

    [LibraryImport(Name)]
    internal static partial uint mbedtls_ssl_get_verify_result(void* tls);

    [LibraryImport(Name)]
    internal static partial PeerCertificate* mbedtls_ssl_get_peer_cert(void* tls);

    [LibraryImport(Name)]
    internal static partial int mbedtls_ssl_read(void* tls, byte* place, nuint length);

    [LibraryImport(Name)]
    internal static partial int mbedtls_ssl_write(void* tls, byte* bytes, nuint length);

    [LibraryImport(CertificateName)]
    internal static partial void mbedtls_x509_crt_init(void* certificate);

    [LibraryImport(CertificateName)]
    internal static partial void mbedtls_x509_crt_free(void* certificate);

    [LibraryImport(CertificateName)]
    internal static partial int mbedtls_x509_crt_parse(void* certificate, byte* text, nuint length);

    /// <summary>How mbedtls_x509_crt begins: a flag, then <c>raw</c>, the certificate as DER.</summary>
    [StructLayout(LayoutKind.Explicit)]
    internal struct PeerCertificate
    {
        [FieldOffset(16)]
        public nuint Length;

        [FieldOffset(24)]
        public byte* Bytes;
    }
}
