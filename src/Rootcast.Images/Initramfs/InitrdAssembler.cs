using System.Text;
using Rootcast.Contract;
using Rootcast.Linux;

namespace Rootcast.Images.Initramfs;

/// <summary>Joins the segments of an initrd: the base as the store has it, then a plan, then a payload whose data starts at a page. Streams; nothing
/// is held in memory whole.</summary>
public static class InitrdAssembler
{
    /// <summary>Where the payload's data starts is a multiple of this, so that the kernel can be given whole pages and file systems share blocks.</summary>
    public const int DataAlignment = 4096;

    /// <summary>Writes an initrd to a file; one that was there is replaced when the new one is complete.</summary>
    /// <param name="basePath">The base segment.</param>
    /// <param name="plan">The plan for a plan segment, or null for none.</param>
    /// <param name="payloadPath">The artefact for a payload segment, or null for none.</param>
    /// <param name="path">The initrd.</param>
    /// <param name="cancellation">Stops between two parts; nothing is left then.</param>
    /// <exception cref="UserError">The disk is full, or the payload is 4 GiB or more.</exception>
    public static InitrdBytes Assemble(
        string basePath,
        BootPlan? plan,
        string? payloadPath,
        string path,
        CancellationToken cancellation = default
    )
    {
        string temporary = $"{path}.{Environment.ProcessId}.new";
        try
        {
            InitrdBytes parts;
            using (FileStream file = new(temporary, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 64 << 10))
            {
                parts = Assemble(basePath, plan, payloadPath, file, cancellation);
            }
            File.Move(temporary, path, overwrite: true);
            return parts;
        }
        catch (Exception e)
            when (e
                    is IOException { HResult: Errno.NoSpace or Errno.QuotaExceeded }
                        or LinuxException { Number: Errno.NoSpace or Errno.QuotaExceeded }
            )
        {
            throw new UserError(
                $"There is no room for the initrd {path}: {e.Message}",
                "Free space there or name another directory.",
                cause: e
            );
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Writes an initrd to a stream.</summary>
    /// <inheritdoc cref="Assemble(string, BootPlan?, string?, string, CancellationToken)"/>
    public static InitrdBytes Assemble(
        string basePath,
        BootPlan? plan,
        string? payloadPath,
        Stream output,
        CancellationToken cancellation = default
    )
    {
        SegmentStream segments = new(output);
        segments.Copy(basePath, cancellation);
        long baseEnd = segments.Position;
        if (plan is not null)
        {
            WritePlan(plan, segments);
        }
        long planEnd = segments.Position;
        if (payloadPath is not null)
        {
            WritePayload(payloadPath, segments, cancellation);
        }
        return new InitrdBytes(baseEnd, planEnd - baseEnd, segments.Position - planEnd);
    }

    private static void WritePlan(BootPlan plan, SegmentStream segments)
    {
        StringBuilder text = new();
        foreach (KernelArgument argument in plan.ToArguments())
        {
            text.Append(argument.ToString()).Append('\n');
        }
        byte[] content = Encoding.UTF8.GetBytes(text.ToString());
        segments.Align(4);
        segments.WriteParents(InitramfsPaths.Plan);
        segments.WriteFileHeader(InitramfsPaths.Plan, content.Length);
        segments.Write(content);
        segments.WriteTrailer();
    }

    private static void WritePayload(string payloadPath, SegmentStream segments, CancellationToken cancellation)
    {
        segments.Align(4);
        segments.WriteParents(InitramfsPaths.Payload);
        // NULs may stand only between archives for every reader there is (busybox refuses them inside), so the file gets an archive of its own.
        segments.WriteTrailer();
        segments.AlignData(InitramfsPaths.Payload, DataAlignment);
        segments.WriteFileHeader(InitramfsPaths.Payload, new FileInfo(payloadPath).Length);
        segments.Copy(payloadPath, cancellation);
        segments.WriteTrailer();
    }
}
