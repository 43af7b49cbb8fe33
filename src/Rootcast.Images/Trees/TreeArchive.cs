namespace Rootcast.Images.Trees;

/// <summary>A tree that is made: one deterministic PAX tar with everything, sorted by path, owners as numbers.</summary>
/// <param name="TarPath">Where it is: in the build cache, so it is read and never written.</param>
/// <param name="Digest">SHA-256 of the tar, as <c>sha256:</c> and 64 lower-case hexadecimal digits.</param>
/// <param name="Bytes">Length of the tar.</param>
/// <param name="Entries">How many entries it has.</param>
/// <param name="PageBytes">What its files take in a tmpfs: their data in whole pages of 4 KiB, without holes; hard links once.</param>
public sealed record TreeArchive(string TarPath, string Digest, long Bytes, int Entries, long PageBytes);
