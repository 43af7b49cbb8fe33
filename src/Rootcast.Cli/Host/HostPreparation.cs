using Rootcast.Contract;
using Rootcast.Images.Sources.Apt;
using Rootcast.Images.Tools;
using Rootcast.Lab.Running;
using Spectre.Console;

namespace Rootcast.Cli.Host;

/// <summary>Installs by apt what a command needs and this host lacks: says what and why, asks where somebody can answer.</summary>
internal sealed class HostPreparation(Session session)
{
    /// <summary>Leaves the host with every program, or says what is missing.</summary>
    /// <param name="programs">What is needed; one that is there for two reasons is announced with the first.</param>
    /// <param name="yes">Not to ask.</param>
    /// <param name="cancellation">Stops apt.</param>
    public async Task RunAsync(IReadOnlyList<HostProgram> programs, bool yes, CancellationToken cancellation)
    {
        List<HostProgram> missing =
        [
            .. programs.Where(program => !program.IsHere).DistinctBy(program => program.Program, StringComparer.Ordinal),
        ];
        QemuProgram? qemu = programs.Contains(HostPrograms.Qemu) ? await QemuProgram.FindAsync(cancellation) : null;
        bool oldQemu = qemu?.Version < QemuProgram.Preferred;
        if (missing.Count == 0 && !oldQemu)
        {
            return;
        }
        if (Tool.Find("apt-get") is null)
        {
            if (missing.Count > 0)
            {
                throw Tool.Missing([.. missing.Select(program => program.Program)]);
            }
            return;
        }
        Announce(missing, oldQemu ? qemu : null);
        if (session.Asking && !yes && !session.Confirm("Install now?"))
        {
            throw Tool.Missing([.. missing.Select(program => program.Program).DefaultIfEmpty(QemuProgram.Name)]);
        }
        await AptAsync(cancellation, "update", "-qq");
        string[] packages =
        [
            .. missing.Where(program => program != HostPrograms.Qemu).Select(program => program.Package).Distinct(StringComparer.Ordinal),
        ];
        if (packages.Length > 0)
        {
            await AptAsync(cancellation, ["install", "-y", "-qq", "--no-install-recommends", .. packages]);
        }
        if (oldQemu || missing.Contains(HostPrograms.Qemu))
        {
            await InstallQemuAsync(cancellation);
        }
        Tool.Require([.. programs.Where(program => !program.IsFile).Select(program => program.Program)]);
        Tool.RequireFiles([.. programs.Where(program => program.IsFile).Select(program => program.Program)]);
    }

    private void Announce(List<HostProgram> missing, QemuProgram? oldQemu)
    {
        session.People.WriteLine("This host lacks, and apt will install:");
        foreach (IGrouping<string, HostProgram> package in missing.GroupBy(program => program.Package, StringComparer.Ordinal))
        {
            session.People.WriteLine(
                $"  {package.Key, -20} {package.First().Why} ({string.Join(", ", package.Select(program => program.Program))})"
            );
        }
        if (oldQemu is not null)
        {
            session.People.WriteLine(
                $"  {HostPrograms.Qemu.Package, -20} {QemuProgram.Preferred} or later instead of {oldQemu.Version}, whose timings can't be trusted"
            );
        }
        if (oldQemu is not null || missing.Contains(HostPrograms.Qemu))
        {
            session.People.WriteLine(
                $"  QEMU {QemuProgram.Preferred} comes from the suite's backports where the suite itself has an older one;"
            );
            session.People.WriteLine($"  when apt does not know them yet, {BackportsSource.Path} is written.");
        }
    }

    private async Task InstallQemuAsync(CancellationToken cancellation)
    {
        string package = HostPrograms.Qemu.Package;
        string? suite = await GoodSuiteAsync(package, cancellation);
        if (
            suite is null
            && HostSystem.Read() is { CodeName: { } codeName }
            && BackportsSource.For(codeName, AptEntries.OfHost()) is { } stanza
        )
        {
            session.People.WriteLine($"Adding {codeName}-backports in {BackportsSource.Path}");
            using LabDirectory directory = new();
            string file = directory.File("source");
            await File.WriteAllTextAsync(file, stanza, cancellation);
            await AsRootAsync(cancellation, "install", "-m", "644", file, BackportsSource.Path);
            await AptAsync(cancellation, "update", "-qq");
            suite = await GoodSuiteAsync(package, cancellation);
        }
        // Without a good one an older QEMU still boots; LabHost warns of its timings.
        string[] target = suite is null ? [] : ["-t", suite];
        await AptAsync(cancellation, ["install", "-y", "-qq", "--no-install-recommends", .. target, package]);
    }

    /// <summary>The suite that has a QEMU as we like it; the first that apt names is the one it prefers.</summary>
    private static async Task<string?> GoodSuiteAsync(string package, CancellationToken cancellation)
    {
        string madison = await new Tool("apt-cache", "madison", package).ReadAsync(cancellation);
        return PackageOffer.Parse(madison).FirstOrDefault(offer => offer.Version >= QemuProgram.Preferred)?.Suite;
    }

    private static Task AptAsync(CancellationToken cancellation, params string[] arguments) =>
        AsRootAsync(cancellation, ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", .. arguments]);

    private static async Task AsRootAsync(CancellationToken cancellation, params string[] command)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            if (Tool.Find("sudo") is null)
            {
                throw new UserError(
                    $"this takes root, and there is no sudo: {string.Join(' ', command)}",
                    "Run that command as root, then run this again.",
                    UserErrorKind.Missing
                );
            }
            command = ["sudo", .. command];
        }
        // sudo asks on the terminal, so it needs the terminal; and what apt says is for people, not data.
        int code = await ForegroundProcess.RunAsync("/bin/sh", ["-c", "exec \"$@\" >&2", "sh", .. command], cancellation);
        if (code != 0)
        {
            throw new UserError(
                $"{string.Join(' ', command)} ended with exit code {code}",
                "Read what it said above; when the mirror can't be reached, check the network and /etc/apt.",
                UserErrorKind.Missing
            );
        }
    }
}
