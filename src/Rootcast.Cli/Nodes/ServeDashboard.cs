using System.CommandLine;
using Rootcast.Cli.Terminal;
using Rootcast.Contract;
using Rootcast.Lab.Measuring;
using Rootcast.Lab.Reports;
using Rootcast.Server.Dashboard;
using Rootcast.Server.State;

namespace Rootcast.Cli.Nodes;

/// <summary>The options of <c>rootcast serve</c> that are about its pages for people.</summary>
internal sealed class ServeDashboard
{
    private const int MostReports = 200;
    private const int LongestPassword = 4096;

    private readonly Option<string?> password = new("--password-file")
    {
        Description = "Sets the dashboard's password to the first line of a file; a hash of it is kept, and the file not needed again",
        HelpName = "FILE",
    };
    private readonly Option<string?> reports = new("--reports")
    {
        Description = "Directory with results of 'rootcast measure', whose reports the dashboard links from the images they measured",
        HelpName = "DIR",
    };

    /// <summary>What was read of a result, and of which file; results are long, and asked for often.</summary>
    private readonly Dictionary<string, (DateTime Written, long Length, MeasuredReport? Report)> read = new(StringComparer.Ordinal);
    private readonly Lock gate = new();

    /// <summary>Adds them to the command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(password);
        command.Options.Add(reports);
    }

    /// <summary>What the pages show; sets the password when one is given.</summary>
    /// <exception cref="UserError">File or directory cannot be read, or the password is too short.</exception>
    public DashboardOptions Options(ParseResult parsed, StateDatabase state, TextWriter people)
    {
        if (parsed.GetValue(password) is { } file && new OperatorPassword(state).Set(FirstLine(file)))
        {
            people.WriteLine("the dashboard's password is set; who was signed in is not any more");
        }
        if (parsed.GetValue(reports) is not { } directory)
        {
            return new DashboardOptions();
        }
        if (!Directory.Exists(directory))
        {
            throw new UserError(
                $"There is no directory {directory}.",
                "Name one that has results of 'rootcast measure' in it, each in a directory of its own.",
                UserErrorKind.Input
            );
        }
        return new DashboardOptions { Reports = () => Find(Path.GetFullPath(directory)) };
    }

    private static string FirstLine(string file)
    {
        try
        {
            using StreamReader reader = new(file);
            char[] start = new char[LongestPassword];
            string text = new(start, 0, reader.ReadBlock(start));
            return text.Split('\n')[0].TrimEnd('\r');
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserError(
                $"The password cannot be read: {error.Message}",
                "Name a file whose first line is the password by --password-file.",
                UserErrorKind.Input,
                error
            );
        }
    }

    /// <summary>The directory's own report and those one below it, the newest first.</summary>
    private List<MeasuredReport> Find(string directory)
    {
        List<(DateTime Written, MeasuredReport Report)> found = [];
        lock (gate)
        {
            try
            {
                foreach (string place in Directory.EnumerateDirectories(directory).Prepend(directory).Take(MostReports))
                {
                    FileInfo result = new(Path.Combine(place, MeasureFile.Name));
                    string page = Path.Combine(place, HtmlReport.Name);
                    if (result.Exists && File.Exists(page) && Read(result, page) is { } report)
                    {
                        found.Add((result.LastWriteTimeUtc, report));
                    }
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // It was there when the server started; what can be read is shown.
            }
        }
        found.Sort((one, other) => other.Written.CompareTo(one.Written));
        return found.ConvertAll(one => one.Report);
    }

    private MeasuredReport? Read(FileInfo result, string page)
    {
        if (
            read.TryGetValue(result.FullName, out (DateTime Written, long Length, MeasuredReport? Report) known)
            && known.Written == result.LastWriteTimeUtc
            && known.Length == result.Length
        )
        {
            return known.Report;
        }
        MeasuredReport? report = null;
        try
        {
            MeasureResult measured = MeasureFile.Read(result.FullName);
            report = new MeasuredReport(
                result.Directory!.Name,
                measured.Image.Digest,
                $"{measured.Study ?? "measured"} {Amounts.Moment(measured.Created)}, {measured.Cells.Count} cells",
                page
            );
        }
        catch (UserError)
        {
            // Half a result, or another version's: there is nothing to link.
        }
        read[result.FullName] = (result.LastWriteTimeUtc, result.Length, report);
        return report;
    }
}
