using System.Text.Json.Serialization;

namespace Rootcast.Server.Dashboard;

/// <summary>A report that <c>rootcast measure</c> or <c>rootcast report</c> has written.</summary>
/// <param name="Name">By which it is asked for: that of its directory.</param>
/// <param name="Digest"><c>sha256:HEX</c> of the image that was measured.</param>
/// <param name="Title">What and when, for people.</param>
/// <param name="File">Path of the page.</param>
public sealed record MeasuredReport(string Name, string Digest, string Title, [property: JsonIgnore] string File);
