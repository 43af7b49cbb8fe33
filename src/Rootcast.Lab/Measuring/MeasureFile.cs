using System.Text.Json;
using Rootcast.Contract;

namespace Rootcast.Lab.Measuring;

/// <summary>The result file. It is written anew after every run, and renamed into place: who reads it never sees half of one.</summary>
public static class MeasureFile
{
    /// <summary>Its name in the directory of a measuring.</summary>
    public const string Name = "result.json";

    /// <summary>Longer than any measuring of ours; more is something else.</summary>
    public const int LongestFile = 256 << 20;

    private const int MostCells = 10_000;
    private const int MostRuns = 1_000_000;

    /// <summary>Reads a file, or the one in a directory.</summary>
    /// <exception cref="UserError">It is not there, or is no result of this version.</exception>
    public static MeasureResult Read(string path)
    {
        string file = Directory.Exists(path) ? Path.Combine(path, Name) : path;
        if (!File.Exists(file))
        {
            throw new UserError(
                $"there is no result {file}",
                "Name a directory or a file that 'rootcast measure' has written.",
                UserErrorKind.Input
            );
        }
        if (new FileInfo(file).Length > LongestFile)
        {
            throw new UserError(
                $"{file} is no result of a measuring: it is longer than {LongestFile >> 20} MiB",
                "Name a file that 'rootcast measure' has written.",
                UserErrorKind.Input
            );
        }
        try
        {
            return Parse(File.ReadAllBytes(file));
        }
        catch (InvalidDataException e)
        {
            throw new UserError(
                $"{file} cannot be read: {e.Message}",
                "Take it from where it was written whole, or measure again.",
                UserErrorKind.Input,
                e
            );
        }
    }

    /// <summary>Reads the bytes of a file.</summary>
    /// <exception cref="InvalidDataException">They are cut short, damaged, of another version, or something else; says where and what.</exception>
    public static MeasureResult Parse(ReadOnlySpan<byte> utf8)
    {
        CheckHead(utf8);
        try
        {
            MeasureResult result =
                JsonSerializer.Deserialize(utf8, MeasureJson.Default.MeasureResult) ?? throw new InvalidDataException("it says null");
            Check(result);
            return result;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{(IsCut(e, utf8) ? "it is cut short" : "it is damaged")}: {Place(e)}: {e.Message}", e);
        }
    }

    /// <summary>The bytes of the file.</summary>
    public static byte[] Bytes(MeasureResult result) =>
        [.. JsonSerializer.SerializeToUtf8Bytes(result, MeasureJson.Default.MeasureResult), (byte)'\n'];

    /// <summary>Writes it into a directory.</summary>
    public static void Write(MeasureResult result, string directory)
    {
        string file = Path.Combine(directory, Name);
        File.WriteAllBytes(file + ".new", Bytes(result));
        File.Move(file + ".new", file, overwrite: true);
    }

    /// <summary>What kind of file it is, before anything else is believed: a later version may have any shape.</summary>
    private static void CheckHead(ReadOnlySpan<byte> utf8)
    {
        string? format = null;
        int? version = null;
        try
        {
            Utf8JsonReader reader = new(utf8);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                throw new InvalidDataException("it is no result of a measuring");
            }
            while ((format is null || version is null) && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                bool isFormat = reader.ValueTextEquals("format"u8);
                bool isVersion = reader.ValueTextEquals("version"u8);
                reader.Read();
                format = isFormat && reader.TokenType == JsonTokenType.String ? reader.GetString() : format;
                version = isVersion && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out int number) ? number : version;
                reader.Skip();
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException(
                utf8.IsEmpty
                    ? "it is empty"
                    : $"it is no result of a measuring, or is cut short: {(e is JsonException json ? Place(json) : e.Message)}",
                e
            );
        }
        if (format != MeasureResult.FormatName)
        {
            throw new InvalidDataException("it is no result of a measuring");
        }
        if (version != MeasureResult.CurrentVersion)
        {
            throw new InvalidDataException(
                $"it has version {version?.ToString() ?? "?"} of the format, this program reads version {MeasureResult.CurrentVersion}"
            );
        }
    }

    private static void Check(MeasureResult result)
    {
        if (result.Cells.Count is 0 or > MostCells || result.Done.Count > MostRuns || result.Runs is < 1 or > MostRuns)
        {
            throw new InvalidDataException(
                $"it has {result.Cells.Count} cells, {result.Done.Count} runs of {result.Runs} for each: no measuring has that"
            );
        }
        foreach (MeasuredRun run in result.Done)
        {
            if (run.Cell < 0 || run.Cell >= result.Cells.Count || run.Round < 1 || run.Round > result.Runs)
            {
                throw new InvalidDataException($"it has a run of cell {run.Cell}, round {run.Round}, which are not in it");
            }
        }
    }

    /// <summary>The reader stops at the last byte when something should follow.</summary>
    private static bool IsCut(JsonException e, ReadOnlySpan<byte> utf8)
    {
        ReadOnlySpan<byte> whole = utf8.TrimEnd(" \r\n\t"u8);
        int lines = whole.Count((byte)'\n');
        return e.LineNumber >= lines && whole.Length > 0 && whole[^1] != (byte)'}';
    }

    private static string Place(JsonException e) => $"line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}";
}
