using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Rootcast.Contract;

namespace Rootcast.Server.Tls;

/// <summary>
/// An authority that this server makes once and keeps, and a certificate of it, which is made anew before it ends and when the names have changed. Each is
/// one file with key and certificate that nobody else can read. Who has the authority's certificate trusts this server and nobody else.
/// </summary>
public sealed class OwnCertificate : IServerCertificate, IDisposable
{
    /// <summary>The authority's file.</summary>
    public const string AuthorityFile = "authority.pem";

    /// <summary>The certificate's file.</summary>
    public const string CertificateFile = "certificate.pem";

    private const int AuthorityYears = 20;
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(90);
    private static readonly TimeSpan Renewal = TimeSpan.FromDays(30);

    /// <summary>Machines that boot may have a clock of the day when they were made.</summary>
    private static readonly DateTimeOffset Since = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly string directory;
    private readonly IReadOnlyList<string> names;
    private readonly TimeProvider clock;
    private readonly X509Certificate2 authority;
    private readonly Lock gate = new();
    private SslStreamCertificateContext? current;

    private OwnCertificate(string directory, IReadOnlyList<string> names, TimeProvider clock)
    {
        this.directory = directory;
        this.names = names;
        this.clock = clock;
        authority = ReadAuthority(directory) ?? MakeAuthority();
    }

    /// <summary>The authority's certificate as PEM: what is packed into an initramfs.</summary>
    public string Authority => authority.ExportCertificatePem() + "\n";

    /// <summary>Takes what the directory has, and makes what it lacks.</summary>
    /// <param name="directory">Made when it is not there.</param>
    /// <param name="names">Names and addresses under which machines reach this server.</param>
    /// <param name="clock">What time it is.</param>
    /// <exception cref="UserError">A file there cannot be read, or nothing can be written.</exception>
    public static OwnCertificate Open(string directory, IReadOnlyList<string> names, TimeProvider clock)
    {
        try
        {
            Directory.CreateDirectory(directory);
            OwnCertificate own = new(directory, names, clock);
            own.Current();
            return own;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new UserError(
                $"The authority and certificate in {directory} cannot be used: {error.Message}",
                "Give this server's user the directory; or remove what is damaged there. A new authority has to be packed into the images once more.",
                cause: error
            );
        }
    }

    /// <inheritdoc/>
    public SslStreamCertificateContext Current()
    {
        lock (gate)
        {
            if (current is null || !IsGood(current.TargetCertificate))
            {
                X509Certificate2 leaf = ReadCertificate() ?? MakeCertificate();
                current = SslStreamCertificateContext.Create(leaf, null, offline: true);
            }
            return current;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => authority.Dispose();

    private bool IsGood(X509Certificate2 certificate) => End(certificate) - clock.GetUtcNow() > Renewal;

    private static DateTimeOffset End(X509Certificate2 certificate) => new(certificate.NotAfter.ToUniversalTime());

    private static X509Certificate2? ReadAuthority(string directory)
    {
        string file = Path.Combine(directory, AuthorityFile);
        return File.Exists(file) ? X509Certificate2.CreateFromPemFile(file, file) : null;
    }

    private X509Certificate2 MakeAuthority()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN=Rootcast boot server {Environment.MachineName}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        using X509Certificate2 made = request.CreateSelfSigned(Since, clock.GetUtcNow().AddYears(AuthorityYears));
        try
        {
            Write(AuthorityFile, made, key, replaces: false);
        }
        catch (IOException) when (File.Exists(Path.Combine(directory, AuthorityFile)))
        {
            // Another process of this server was first.
        }
        return ReadAuthority(directory)!;
    }

    /// <summary>The kept certificate, if it is this authority's, for these names and for long enough.</summary>
    private X509Certificate2? ReadCertificate()
    {
        string file = Path.Combine(directory, CertificateFile);
        if (!File.Exists(file))
        {
            return null;
        }
        try
        {
            X509Certificate2 kept = X509Certificate2.CreateFromPemFile(file, file);
            bool isOurs =
                kept.IssuerName.RawData.AsSpan().SequenceEqual(authority.SubjectName.RawData)
                && kept.Extensions.OfType<X509AuthorityKeyIdentifierExtension>().FirstOrDefault()?.KeyIdentifier is { } issuer
                && authority
                    .Extensions.OfType<X509SubjectKeyIdentifierExtension>()
                    .Any(id => id.SubjectKeyIdentifierBytes.Span.SequenceEqual(issuer.Span));
            X509SubjectAlternativeNameExtension? kinds = kept.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
            HashSet<string> covered =
            [
                .. kinds?.EnumerateDnsNames() ?? [],
                .. kinds?.EnumerateIPAddresses().Select(address => address.ToString()) ?? [],
            ];
            return isOurs && IsGood(kept) && names.All(covered.Contains) ? kept : null;
        }
        catch (CryptographicException)
        {
            // Damaged; it is only a certificate, and another is made.
            return null;
        }
    }

    private X509Certificate2 MakeCertificate()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=rootcast serve", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder alternatives = new();
        foreach (string name in names)
        {
            if (IPAddress.TryParse(name, out IPAddress? address))
            {
                alternatives.AddIpAddress(address);
            }
            else
            {
                alternatives.AddDnsName(name);
            }
        }
        request.CertificateExtensions.Add(alternatives.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false));
        DateTimeOffset end = clock.GetUtcNow() + Lifetime;
        DateTimeOffset last = End(authority);
        byte[] serial = RandomNumberGenerator.GetBytes(16);
        serial[0] &= 0x7f;
        using X509Certificate2 made = request.Create(authority, Since, end < last ? end : last, serial);
        Write(CertificateFile, made, key, replaces: true);
        return made.CopyWithPrivateKey(key);
    }

    /// <summary>Key and certificate in one file, so that they always belong together.</summary>
    private void Write(string name, X509Certificate2 certificate, ECDsa key, bool replaces)
    {
        string target = Path.Combine(directory, name);
        string temporary = $"{target}.{Environment.ProcessId}.new";
        try
        {
            FileStreamOptions ownersOnly = new()
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            };
            using (StreamWriter writer = new(temporary, ownersOnly))
            {
                writer.Write($"{key.ExportPkcs8PrivateKeyPem()}\n{certificate.ExportCertificatePem()}\n");
            }
            File.Move(temporary, target, replaces);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
