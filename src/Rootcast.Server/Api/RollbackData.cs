namespace Rootcast.Server.Api;

/// <summary>What a rollback did.</summary>
/// <param name="Withdrawn">What was taken back.</param>
/// <param name="Now">What holds again; absent when nothing is assigned to that pattern any more.</param>
public sealed record RollbackData(AssignmentData Withdrawn, AssignmentData? Now = null);
