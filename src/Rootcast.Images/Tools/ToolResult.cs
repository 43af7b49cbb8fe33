namespace Rootcast.Images.Tools;

/// <summary>What a program left behind when it ended.</summary>
/// <param name="ExitCode">Its exit code; 128 and the signal's number when a signal ended it.</param>
/// <param name="Output">Its standard output as UTF-8; empty when <see cref="Tool.Output"/> took it.</param>
/// <param name="Errors">The last of its standard error, at most <see cref="Tool.LongestErrors"/> bytes.</param>
public sealed record ToolResult(int ExitCode, string Output, string Errors);
