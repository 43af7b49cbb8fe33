using Rootcast.Contract;

namespace Rootcast.Init.Stages;

/// <summary>Whether a form fits into this machine, asked before anything of size is fetched or copied. Pure arithmetic.</summary>
public static class Preflight
{
    /// <summary>What the system needs beside its root until it is up, in bytes: below this a boot ends in the out-of-memory killer.</summary>
    public const long Reserve = 32L << 20;

    /// <summary>Memory that a form takes beyond what is in use now, in bytes.</summary>
    /// <param name="form">The form.</param>
    /// <param name="carrier">How it comes: the payload of an initrd is in memory already, and is given back while it is unpacked.</param>
    /// <param name="length">Bytes of the artefact.</param>
    /// <param name="unpacked">Bytes of what becomes of it.</param>
    /// <param name="copied">Whether what could stay on its medium is copied into memory (<c>rootcast.toram</c>).</param>
    public static long Need(Form form, Carrier carrier, long length, long unpacked, bool copied = false) =>
        (form, carrier) switch
        {
            (Form.Squashfs or Form.Livefs or Form.Erofs, _) when copied => length,
            (Form.Squashfs or Form.Livefs or Form.Erofs, Carrier.Http) => length,
            (Form.Squashfs or Form.Livefs or Form.Erofs or Form.Disk or Form.Zfs or Form.ZfsFuse, _) => 0,
            // Compressed page by page it takes somewhat more than as one stream.
            (Form.Zram, Carrier.Initrd) => length / 2,
            (Form.Zram, _) => length * 3 / 2,
            // It is unpacked already.
            (Form.Initramfs, _) => 0,
            (_, Carrier.Initrd) => Math.Max(0, unpacked - length),
            _ => unpacked,
        };

    /// <summary>Stops a boot that cannot fit.</summary>
    /// <param name="plan">What is to be done; without an artefact's identity nothing is known and nothing is stopped.</param>
    /// <param name="length">Bytes of the artefact as the carrier found it.</param>
    /// <param name="total">MemTotal in bytes.</param>
    /// <param name="available">MemAvailable in bytes.</param>
    /// <returns>A line for the log.</returns>
    public static string Check(BootPlan plan, long length, long total, long available)
    {
        if (plan.Artefact is not { } identity)
        {
            return CheckUnknown(plan, length, total, available);
        }
        string form = Names.Of(plan.Form);
        long bound = plan.Size.ToBytes(total);
        if (plan.Form == Form.Tmpfs && identity.UnpackedBytes > bound)
        {
            throw new UserError(
                $"form tmpfs: the tree needs {Megabytes(identity.UnpackedBytes)}, rootcast.size={plan.Size} allows {Megabytes(bound)}",
                Advice(plan, identity, available, canRaiseSize: identity.UnpackedBytes + Reserve <= available)
            );
        }
        long need = Need(plan.Form, plan.Carrier, length, identity.UnpackedBytes, Forms.HeldImage.IsCopied(plan)) + Reserve;
        return need <= available
            ? $"form {form} needs {Megabytes(need)}, {Megabytes(available)} are available"
            : throw new UserError(
                $"form {form} by {Names.Of(plan.Carrier)} needs {Megabytes(need)} (with {Megabytes(Reserve)} for the system), only "
                    + $"{Megabytes(available)} of {Megabytes(total)} are available",
                Advice(plan, identity, available, canRaiseSize: false)
            );
    }

    /// <summary>Of an image that others made nothing but its length is known, and only http tells that before it takes memory.</summary>
    private static string CheckUnknown(BootPlan plan, long length, long total, long available)
    {
        if (plan.Carrier != Carrier.Http)
        {
            return "the boot plan does not say how large the artefact is";
        }
        long need = length + Reserve;
        return need <= available
            ? $"the image takes {Megabytes(need)}, {Megabytes(available)} are available"
            : throw new UserError(
                $"the image at {plan.Url} needs {Megabytes(need)} (with {Megabytes(Reserve)} for the system), only {Megabytes(available)} of "
                    + $"{Megabytes(total)} are available",
                "Give the machine more memory, or boot the image from a disk."
            );
    }

    /// <summary>For people: whole megabytes, rounded up.</summary>
    public static string Megabytes(long bytes) => $"{(bytes + (1 << 20) - 1) >> 20} MiB";

    private static string Advice(BootPlan plan, ArtefactIdentity identity, long available, bool canRaiseSize)
    {
        if (canRaiseSize)
        {
            return $"It would fit: set rootcast.size={Megabytes(identity.UnpackedBytes * 11 / 10)[..^4]}M.";
        }
        // The compressed archive, image and squashfs of one tree are about the same size; a tree unpacked is what only tmpfs says.
        if (plan.Form == Form.Ramdisk && identity.Bytes * 3 + Reserve <= available)
        {
            return "Form tmpfs takes only what the tree uses and may fit; form squashfs keeps it compressed and fits.";
        }
        if (plan.Form is not (Form.Squashfs or Form.Livefs))
        {
            long held = plan.Carrier == Carrier.Http ? identity.Bytes : 0;
            return held + Reserve <= available
                ? $"Form squashfs keeps the tree compressed and fits: it needs about {Megabytes(held + Reserve)}."
                : "No form fits by this carrier: form squashfs from a disk needs the least, about " + Megabytes(Reserve) + ".";
        }
        return $"Form {Names.Of(plan.Form)} from a disk (rootcast.carrier=disk) needs {Megabytes(Reserve)}; else give the machine more memory.";
    }
}
