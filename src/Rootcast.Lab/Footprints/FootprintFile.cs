using System.Text.Json;
using Rootcast.Contract;

namespace Rootcast.Lab.Footprints;

/// <summary>Footprints in files, as <c>rootcast footprint --json</c> prints them.</summary>
public static class FootprintFile
{
    /// <summary>More than this is refused: a machine of thousands of processes comes to a few MB.</summary>
    private const int LargestBytes = 64 << 20;

    /// <summary>Reads a file.</summary>
    /// <exception cref="UserError">There is none, or it is not a footprint of this version.</exception>
    public static Footprint Read(string path)
    {
        try
        {
            return new FileInfo(path).Length > LargestBytes
                ? throw new InvalidDataException($"it has more than {LargestBytes} bytes")
                : Parse(File.ReadAllBytes(path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new UserError(
                $"cannot read the footprint {path}: {error.Message}",
                "Make one with: rootcast footprint --json > FILE",
                UserErrorKind.Input,
                error
            );
        }
    }

    /// <summary>Reads the bytes of a file.</summary>
    /// <exception cref="InvalidDataException">They are no footprint of this version; the message says at which byte and why.</exception>
    public static Footprint Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            Utf8JsonReader reader = new(json);
            Footprint? read = JsonSerializer.Deserialize(ref reader, FootprintJson.Default.Footprint);
            return read switch
            {
                null => throw new InvalidDataException("at byte 0: it says null"),
                { Version: not Footprint.CurrentVersion } => throw new InvalidDataException(
                    $"it has version {read.Version}, this program reads version {Footprint.CurrentVersion}"
                ),
                _ when read.Rows.Any(row => row is null) => throw new InvalidDataException("a row of it is null"),
                _ => read,
            };
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"line {error.LineNumber + 1}, byte {error.BytePositionInLine}: {error.Message}", error);
        }
    }

    /// <summary>The bytes of a file.</summary>
    public static byte[] Write(Footprint footprint) => JsonSerializer.SerializeToUtf8Bytes(footprint, FootprintJson.Default.Footprint);
}
