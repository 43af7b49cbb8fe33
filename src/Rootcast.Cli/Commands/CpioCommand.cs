using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Rootcast.Cli.Data;
using Rootcast.Cli.Terminal;
using Rootcast.Contract;
using Rootcast.Formats.Tree;
using Rootcast.Images.Cpio;
using Rootcast.Images.Initramfs;
using Rootcast.Images.Initrds;

namespace Rootcast.Cli.Commands;

/// <summary><c>rootcast cpio …</c>.</summary>
internal static class CpioCommand
{
    public static Command Create(Session session) =>
        new("cpio", "Make, list, unpack, join and check archives that a kernel unpacks (initrds).")
        {
            CpioCreateCommand.Create(session),
            List(session),
            Extract(session),
            Concat(session),
            Check(session),
        };

    public static Option<string> Output() =>
        new("--output", "-o")
        {
            Description = "The file to write; replaced only when the new one is complete",
            HelpName = "FILE",
            Required = true,
        };

    private static Argument<string> Initrd() => new("FILE") { Description = "An initrd: any segments, any compression" };

    private static DocumentedCommand List(Session session)
    {
        Argument<string> file = Initrd();
        Option<bool> json = CommonOptions.Json();
        DocumentedCommand command = new(
            "list",
            "List what an initrd holds, like ls -l. Later entries of a name replace earlier ones.",
            "rootcast cpio list /boot/initrd.img",
            "rootcast cpio list initrd --json"
        )
        {
            file,
            json,
        };
        command.SetAction(parsed =>
        {
            IEnumerable<InitramfsListing> entries = InitramfsContents.List(
                parsed.GetRequiredValue(file),
                session.People.Profile.Out.Writer.WriteLine
            );
            if (parsed.GetValue(json))
            {
                CpioEntryData[] data = [.. entries.Select(listing => CpioEntryData.Of(listing.Entry))];
                session.WriteJson(JsonSerializer.SerializeToUtf8Bytes(data, CliJson.Default.CpioEntryDataArray));
            }
            else
            {
                foreach (InitramfsListing listing in entries)
                {
                    session.Output.WriteLine(EntryText.Of(listing.Entry));
                }
            }
            return ExitCodes.Done;
        });
        return command;
    }

    private static DocumentedCommand Extract(Session session)
    {
        Argument<string> file = Initrd();
        Option<string> to = new("--to")
        {
            Description = "A directory that is empty or not there yet",
            HelpName = "DIR",
            Required = true,
        };
        DocumentedCommand command = new(
            "extract",
            "Unpack an initrd. Nothing is written outside of the directory, whatever names and links it holds.",
            "rootcast cpio extract /boot/initrd.img --to unpacked"
        )
        {
            file,
            to,
        };
        command.SetAction(
            (parsed, cancellation) =>
            {
                int count = InitramfsContents.Extract(
                    parsed.GetRequiredValue(file),
                    parsed.GetRequiredValue(to),
                    session.People.Profile.Out.Writer.WriteLine,
                    cancellation
                );
                session.People.Profile.Out.Writer.WriteLine($"{count} entries are in {parsed.GetRequiredValue(to)}");
                return Task.FromResult(ExitCodes.Done);
            }
        );
        return command;
    }

    private static DocumentedCommand Concat(Session session)
    {
        Argument<string[]> files = new("FILE") { Description = "Initrds, the first one first", Arity = ArgumentArity.OneOrMore };
        Option<string> output = Output();
        DocumentedCommand command = new(
            "concat",
            "Join initrds: the kernel unpacks them one after another. Shared with the parts where the file system can.",
            "rootcast cpio concat microcode.cpio initrd.img --output both.img"
        )
        {
            files,
            output,
        };
        command.SetAction(
            (parsed, cancellation) =>
            {
                string[] parts = parsed.GetRequiredValue(files);
                foreach (string part in parts)
                {
                    InitrdAssembler.CheckBeginning(part);
                }
                InitrdBytes bytes = InitrdAssembler.Assemble(
                    parts.Select(part => InitrdSegment.OfFile(SegmentKind.Base, part)),
                    parsed.GetRequiredValue(output),
                    cancellation: cancellation
                );
                session.People.Profile.Out.Writer.WriteLine(
                    $"{parsed.GetRequiredValue(output)}: {Amounts.Bytes(bytes.Total)}, {Amounts.Bytes(bytes.Shared)} of them shared"
                );
                return Task.FromResult(ExitCodes.Done);
            }
        );
        return command;
    }

    private static DocumentedCommand Check(Session session)
    {
        Argument<string> file = Initrd();
        DocumentedCommand command = new(
            "check",
            "Read an initrd as the kernel does, sums included; exit code 1 when the kernel would not unpack all of it.",
            "rootcast cpio check /boot/initrd.img"
        )
        {
            file,
        };
        command.SetAction(parsed =>
        {
            string path = parsed.GetRequiredValue(file);
            using FileStream stream = Open(path);
            IReadOnlyList<CpioFinding> findings = CpioCheck.Run(stream, out int entries);
            foreach (CpioFinding finding in findings)
            {
                session.Output.WriteLine(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{(finding.Breaks ? "bad" : "note")} byte {finding.Offset}: {finding.Reason}"
                    )
                );
            }
            bool whole = !findings.Any(finding => finding.Breaks);
            session.People.Profile.Out.Writer.WriteLine(
                $"{path}: {entries} entries, {(whole ? "the kernel unpacks all of them" : "the kernel would not unpack all of it")}"
            );
            return whole ? ExitCodes.Done : ExitCodes.Failed;
        });
        return command;
    }

    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"{path} cannot be read: {e.Message}", "Name an initrd.", UserErrorKind.Input, e);
        }
    }
}
