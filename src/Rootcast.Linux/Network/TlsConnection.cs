using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Authentication;
using System.Text;
using Rootcast.Linux.Libraries;
using Rootcast.Linux.Native;

namespace Rootcast.Linux.Network;

/// <summary>A client's end of TLS 1.2 over a TCP connection: forward secrecy and authenticated ciphers alone, and a server that one of the given authorities
/// vouches for.</summary>
public sealed unsafe class TlsConnection : IByteConnection
{
    /// <summary>ECDHE by ECDSA and RSA with AES-GCM, which processors do fast, then ChaCha20; the list ends with 0.</summary>
    private static ReadOnlySpan<int> Suites => [0xC02B, 0xC02F, 0xC02C, 0xC030, 0xCCA9, 0xCCA8, 0];

    private readonly InternetSocket socket;
    private void* memory;

    private TlsConnection(InternetSocket socket)
    {
        this.socket = socket;
        LibraryNames.Use();
        memory = NativeMemory.AllocZeroed(4 * TlsLibrary.StructureBytes);
        TlsLibrary.mbedtls_ssl_init(Tls);
        TlsLibrary.mbedtls_ssl_config_init(Settings);
        TlsLibrary.mbedtls_x509_crt_init(Authorities);
    }

    /// <summary>What the server showed, as DER. Good until <see cref="Dispose"/>.</summary>
    public ReadOnlySpan<byte> PeerCertificate
    {
        get
        {
            ObjectDisposedException.ThrowIf(memory is null, this);
            TlsLibrary.PeerCertificate* shown = TlsLibrary.mbedtls_ssl_get_peer_cert(Tls);
            return shown is null ? [] : new ReadOnlySpan<byte>(shown->Bytes, (int)shown->Length);
        }
    }

    private void* Tls => memory;

    private void* Settings => (byte*)memory + TlsLibrary.StructureBytes;

    private void* Authorities => (byte*)memory + (2 * TlsLibrary.StructureBytes);

    private Wire* OnWire => (Wire*)((byte*)memory + (3 * TlsLibrary.StructureBytes));

    /// <summary>Speaks TLS on a connection, and owns it from then on.</summary>
    /// <param name="socket">Fresh.</param>
    /// <param name="name">The server's DNS name, which its certificate must have. Null leaves names unchecked: whoever asked an address has to look for it in
    /// <see cref="PeerCertificate"/> before a byte is sent.</param>
    /// <param name="authorities">Certificates that are trusted, PEM.</param>
    /// <param name="timeout">How long the server may be silent.</param>
    /// <exception cref="AuthenticationException">The server's certificate is not good, or the authorities cannot be read; says why.</exception>
    /// <exception cref="LinuxException">The connection breaks or stalls.</exception>
    /// <exception cref="InvalidDataException">What answers does not speak TLS 1.2.</exception>
    public static TlsConnection Open(InternetSocket socket, string? name, ReadOnlySpan<byte> authorities, TimeSpan timeout)
    {
        TlsConnection connection = new(socket);
        try
        {
            connection.Start(name, authorities, timeout);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public int Read(Span<byte> buffer, TimeSpan timeout)
    {
        ObjectDisposedException.ThrowIf(memory is null, this);
        TimeSpan end = default;
        while (true)
        {
            int got;
            fixed (byte* place = buffer)
            {
                got = TlsLibrary.mbedtls_ssl_read(Tls, place, (nuint)buffer.Length);
            }
            if (got >= 0)
            {
                return got;
            }
            if (got == TlsLibrary.ClosedByPeer)
            {
                return 0;
            }
            WaitAgain(got, "read from", timeout, ref end);
        }
    }

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> bytes, TimeSpan timeout)
    {
        ObjectDisposedException.ThrowIf(memory is null, this);
        TimeSpan end = default;
        while (!bytes.IsEmpty)
        {
            int put;
            fixed (byte* from = bytes)
            {
                put = TlsLibrary.mbedtls_ssl_write(Tls, from, (nuint)bytes.Length);
            }
            if (put >= 0)
            {
                bytes = bytes[put..];
                end = default;
                continue;
            }
            WaitAgain(put, "write to", timeout, ref end);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (memory is not null)
        {
            TlsLibrary.mbedtls_ssl_free(Tls);
            TlsLibrary.mbedtls_ssl_config_free(Settings);
            TlsLibrary.mbedtls_x509_crt_free(Authorities);
            NativeMemory.Free(memory);
            memory = null;
        }
        socket.Dispose();
    }

    private void Start(string? name, ReadOnlySpan<byte> authorities, TimeSpan timeout)
    {
        byte[] text = [.. authorities, 0];
        fixed (byte* place = text)
        {
            int refused = TlsLibrary.mbedtls_x509_crt_parse(Authorities, place, (nuint)text.Length);
            if (refused != 0)
            {
                throw new AuthenticationException($"the authorities cannot be read (Mbed TLS error -0x{-refused:x4})");
            }
        }
        Require(TlsLibrary.mbedtls_ssl_config_defaults(Settings, TlsLibrary.Client, TlsLibrary.Stream, TlsLibrary.DefaultPreset));
        TlsLibrary.mbedtls_ssl_conf_authmode(Settings, TlsLibrary.VerifyRequired);
        TlsLibrary.mbedtls_ssl_conf_ca_chain(Settings, Authorities, null);
        TlsLibrary.mbedtls_ssl_conf_rng(Settings, &Random, null);
        TlsLibrary.mbedtls_ssl_conf_min_version(Settings, TlsLibrary.MajorVersion, TlsLibrary.MinorVersion);
        TlsLibrary.mbedtls_ssl_conf_max_version(Settings, TlsLibrary.MajorVersion, TlsLibrary.MinorVersion);
        // Data of the program, which does not move.
        TlsLibrary.mbedtls_ssl_conf_ciphersuites(Settings, (int*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(Suites)));
        Require(TlsLibrary.mbedtls_ssl_setup(Tls, Settings));
        if (name is null)
        {
            Require(TlsLibrary.mbedtls_ssl_set_hostname(Tls, null));
        }
        else
        {
            fixed (byte* place = Encoding.ASCII.GetBytes(name + "\0"))
            {
                Require(TlsLibrary.mbedtls_ssl_set_hostname(Tls, place));
            }
        }
        OnWire->Descriptor = (int)socket.Handle.DangerousGetHandle();
        TlsLibrary.mbedtls_ssl_set_bio(Tls, OnWire, &Send, &Receive, null);
        TimeSpan end = default;
        while (TlsLibrary.mbedtls_ssl_handshake(Tls) is var result && result != 0)
        {
            if (result == TlsLibrary.NotVerified)
            {
                throw new AuthenticationException(Reason(TlsLibrary.mbedtls_ssl_get_verify_result(Tls), name));
            }
            WaitAgain(result, "speak TLS with", timeout, ref end);
        }
    }

    private static string Reason(uint flags, string? name) =>
        (flags & TlsLibrary.NotTrusted) != 0 ? "its certificate is of none of the authorities that this initramfs has"
        : (flags & TlsLibrary.OtherName) != 0 ? $"its certificate is not for {name}"
        : (flags & TlsLibrary.Expired) != 0 ? $"its certificate has ended (this machine's clock says {DateTime.UtcNow:yyyy-MM-dd HH:mm})"
        : (flags & TlsLibrary.NotYet) != 0
            ? $"its certificate is not valid yet (this machine's clock says {DateTime.UtcNow:yyyy-MM-dd HH:mm})"
        : $"its certificate is not good (Mbed TLS flags 0x{flags:x})";

    private static void Require(int result)
    {
        if (result != 0)
        {
            throw new InvalidOperationException($"Mbed TLS refuses to start: error -0x{-result:x4}");
        }
    }

    private void WaitAgain(int result, string operation, TimeSpan timeout, ref TimeSpan end)
    {
        switch (result)
        {
            case TlsLibrary.WantRead:
                socket.WaitAgain(Errno.TryAgain, operation, timeout, ref end, reading: true);
                break;
            case TlsLibrary.WantWrite:
                socket.WaitAgain(Errno.TryAgain, operation, timeout, ref end, reading: false);
                break;
            case TlsLibrary.SocketFailed:
                socket.WaitAgain(OnWire->Errno, operation, timeout, ref end, reading: true);
                break;
            case TlsLibrary.EndOfStream:
                throw new EndOfStreamException("the server closed the connection without TLS's own end");
            default:
                throw new InvalidDataException($"TLS failed with error -0x{-result:x4} of Mbed TLS");
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Send(void* context, byte* bytes, nuint length)
    {
        Wire* wire = (Wire*)context;
        nint put = Libc.send(wire->Descriptor, bytes, length, Libc.MSG_NOSIGNAL);
        return put >= 0 ? (int)put : Failed(wire, TlsLibrary.WantWrite);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Receive(void* context, byte* place, nuint length)
    {
        Wire* wire = (Wire*)context;
        nint got = Libc.recv(wire->Descriptor, place, length, 0);
        return got >= 0 ? (int)got : Failed(wire, TlsLibrary.WantRead);
    }

    private static int Failed(Wire* wire, int want)
    {
        int errno = Marshal.GetLastPInvokeError();
        if (errno is Errno.TryAgain or Errno.Interrupted)
        {
            return want;
        }
        wire->Errno = errno;
        return TlsLibrary.SocketFailed;
    }

    /// <summary>The kernel's random bytes: all or an error.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Random(void* context, byte* place, nuint length)
    {
        nuint done = 0;
        while (done < length)
        {
            nint got = Libc.getrandom(place + done, length - done, 0);
            if (got > 0)
            {
                done += (nuint)got;
            }
            else if (Marshal.GetLastPInvokeError() != Errno.Interrupted)
            {
                return TlsLibrary.SocketFailed;
            }
        }
        return 0;
    }

    private struct Wire
    {
        public int Descriptor;
        public int Errno;
    }
}
