namespace Rootcast.Cli.Data;

/// <summary>The artefact of one form.</summary>
internal sealed record ArtefactData(string Form, BlobData Blob, long UnpackedBytes);
