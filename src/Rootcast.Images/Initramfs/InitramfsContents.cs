using System.Security.Cryptography;
using Rootcast.Contract;
using Rootcast.Formats.Cpio;
using Rootcast.Formats.Tree;
using Rootcast.Linux;

namespace Rootcast.Images.Initramfs;

/// <summary>Looks into any initrd: ours and others', with any number of segments.</summary>
public static class InitramfsContents
{
    /// <summary>Reads the entries in the order in which the kernel unpacks them; the same path may come again, and the later one counts.</summary>
    /// <param name="path">The initrd.</param>
    /// <param name="problems">Is told, at the end, what the kernel would pass over.</param>
    /// <exception cref="UserError">It is no initrd, or damaged.</exception>
    public static IEnumerable<InitramfsListing> List(string path, Action<string>? problems = null)
    {
        using FileStream file = Open(path);
        using MemberDecompressor decompressor = new();
        using InitrdReader reader = new(file, decompressor.Open);
        while (Next(reader, path) is { } entry)
        {
            yield return new InitramfsListing(reader.Members[^1], entry);
        }
        RequireSome(reader, path);
        Tell(reader, problems);
    }

    /// <summary>Unpacks an initrd into a new or empty directory. Nothing is ever written outside of it, whatever names and links the archive has. Devices,
    /// owners and the like need root; without it they are left out.</summary>
    /// <param name="path">The initrd.</param>
    /// <param name="directory">Where to.</param>
    /// <param name="problems">Is told what was left out.</param>
    /// <param name="cancellation">Stops between two entries.</param>
    /// <returns>How many entries were unpacked.</returns>
    /// <exception cref="UserError">It is no initrd, or damaged, or the directory has something in it.</exception>
    public static int Extract(string path, string directory, Action<string>? problems = null, CancellationToken cancellation = default)
    {
        if (Directory.Exists(directory) && Directory.EnumerateFileSystemEntries(directory).Any())
        {
            throw new UserError($"{directory} is not empty.", "Name a directory that is empty or does not exist.", UserErrorKind.Input);
        }
        Directory.CreateDirectory(directory);
        using FileStream file = Open(path);
        using MemberDecompressor decompressor = new();
        using InitrdReader reader = new(file, decompressor.Open);
        using ConfinedDirectory target = new(directory);
        int count = 0;
        while (Next(reader, path) is { } entry)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                target.Put(entry, reader.ReadData);
                count++;
            }
            catch (LinuxException e) when (e.Number is Errno.NotPermitted or Errno.AccessDenied)
            {
                problems?.Invoke($"{entry.Path} was left out: {e.Message}");
            }
            catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
            {
                throw Damaged(path, e);
            }
        }
        RequireSome(reader, path);
        target.Finish();
        Tell(reader, problems);
        return count;
    }

    /// <summary>The data of a file in an initrd; the last one of that path counts. Null when there is none.</summary>
    /// <param name="path">The initrd.</param>
    /// <param name="entryPath">Absolute path in it.</param>
    /// <param name="most">A longer file is refused.</param>
    public static byte[]? Read(string path, string entryPath, int most)
    {
        using FileStream file = Open(path);
        using MemberDecompressor decompressor = new();
        using InitrdReader reader = new(file, decompressor.Open);
        byte[]? found = null;
        while (Next(reader, path) is { } entry)
        {
            if ("/" + entry.Path == entryPath && entry.Kind == NodeKind.File)
            {
                if (entry.Size > most)
                {
                    throw Damaged(path, new InvalidDataException($"{entryPath} has {entry.Size} bytes"));
                }
                using MemoryStream data = new();
                Drain(reader, path, bytes => data.Write(bytes));
                found = data.ToArray();
            }
        }
        return found;
    }

    /// <summary>Every entry of an initrd by its absolute path, with the digest of its data; the last one of a path counts.</summary>
    public static SortedDictionary<string, InitramfsFact> Facts(string path, CancellationToken cancellation = default)
    {
        SortedDictionary<string, InitramfsFact> facts = new(StringComparer.Ordinal);
        using FileStream file = Open(path);
        using MemberDecompressor decompressor = new();
        using InitrdReader reader = new(file, decompressor.Open);
        while (Next(reader, path) is { } entry)
        {
            cancellation.ThrowIfCancellationRequested();
            using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            Drain(reader, path, bytes => hash.AppendData(bytes));
            string digest = Convert.ToHexStringLower(hash.GetHashAndReset());
            if (entry.Kind == NodeKind.HardLink && facts.TryGetValue("/" + entry.Target, out InitramfsFact? first))
            {
                // A name of a file is that file; some writers put the data on the last name.
                facts["/" + entry.Path] = first =
                    entry.Size > 0 ? new InitramfsFact(first.Entry with { Size = entry.Size }, digest) : first;
                facts["/" + entry.Target] = first;
                continue;
            }
            facts["/" + entry.Path] = new InitramfsFact(entry, digest);
        }
        RequireSome(reader, path);
        return facts;
    }

    private static void Drain(InitrdReader reader, string path, SpanAction take)
    {
        try
        {
            while (reader.ReadData(out ReadOnlySpan<byte> bytes))
            {
                take(bytes);
            }
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw Damaged(path, e);
        }
    }

    private delegate void SpanAction(ReadOnlySpan<byte> bytes);

    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"{path} cannot be read: {e.Message}", "Name an initrd, or an image of the store.", UserErrorKind.Input, e);
        }
    }

    private static TreeEntry? Next(InitrdReader reader, string path)
    {
        try
        {
            return reader.Next();
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw Damaged(path, e);
        }
    }

    private static void RequireSome(InitrdReader reader, string path)
    {
        if (reader.FoundNothing)
        {
            throw Damaged(path, new InvalidDataException("there is no archive in it"));
        }
    }

    private static UserError Damaged(string path, Exception e) =>
        new($"{path} is no initrd that the kernel would take: {e.Message}", "Get it again, or make it again.", cause: e);

    private static void Tell(InitrdReader reader, Action<string>? problems)
    {
        foreach (ArchiveProblem problem in reader.Problems)
        {
            problems?.Invoke(problem.ToString());
        }
    }
}
