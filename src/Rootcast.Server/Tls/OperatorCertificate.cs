using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Rootcast.Contract;

namespace Rootcast.Server.Tls;

/// <summary>A certificate that the operator has from elsewhere. When its files are replaced the next connection gets the new one.</summary>
public sealed class OperatorCertificate : IServerCertificate
{
    private readonly string certificate;
    private readonly string key;
    private readonly Action<string> say;
    private readonly Lock gate = new();
    private SslStreamCertificateContext current;
    private (DateTime Certificate, DateTime Key) read;

    /// <summary>Reads it.</summary>
    /// <param name="certificate">PEM: the server's certificate, then the ones that lead to the authority.</param>
    /// <param name="key">PEM: its private key, not encrypted.</param>
    /// <param name="say">Told when a replaced one cannot be used.</param>
    /// <exception cref="UserError">One of the files cannot be read, or they do not belong together.</exception>
    public OperatorCertificate(string certificate, string key, Action<string> say)
    {
        this.certificate = certificate;
        this.key = key;
        this.say = say;
        read = Written();
        current = Read();
    }

    /// <inheritdoc/>
    public SslStreamCertificateContext Current()
    {
        lock (gate)
        {
            if (Written() is var written && written != read)
            {
                read = written;
                try
                {
                    current = Read();
                }
                catch (UserError error)
                {
                    // Replaced one after the other: the second file makes it whole.
                    say($"{error.Message}; the former certificate is used");
                }
            }
            return current;
        }
    }

    private (DateTime, DateTime) Written() => (File.GetLastWriteTimeUtc(certificate), File.GetLastWriteTimeUtc(key));

    private SslStreamCertificateContext Read()
    {
        try
        {
            X509Certificate2 own = X509Certificate2.CreateFromPemFile(certificate, key);
            X509Certificate2Collection chain = [];
            chain.ImportFromPemFile(certificate);
            chain.RemoveAt(0);
            return SslStreamCertificateContext.Create(own, chain, offline: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new UserError(
                $"The certificate {certificate} with the key {key} cannot be used: {error.Message}",
                "Name two PEM files that belong together: --certificate (the server's first, then the chain) and --key, not encrypted.",
                UserErrorKind.Input,
                error
            );
        }
    }
}
