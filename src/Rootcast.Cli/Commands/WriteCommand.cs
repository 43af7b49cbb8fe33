using System.CommandLine;
using System.Text.Json;
using Rootcast.Cli.Data;
using Rootcast.Cli.Terminal;
using Rootcast.Contract;
using Rootcast.Images.Disks;
using Rootcast.Images.Store;
using Spectre.Console;

namespace Rootcast.Cli.Commands;

/// <summary><c>rootcast write IMAGE</c>.</summary>
internal static class WriteCommand
{
    public static Command Create(Session session)
    {
        MediaOptions media = new();
        Option<Form?> form = CommonOptions.Form();
        form.Required = false;
        form.Description =
            $"What the root partition holds; without it disk where the image has that form: {string.Join(", ", Names.Forms)}";
        Option<string[]> target = new("--to")
        {
            Description = "The disk, whose contents are erased, or a file that becomes a disk image; once for each disk of a pool",
            HelpName = "DEVICE|FILE",
            Required = true,
        };
        Option<long> size = new("--size")
        {
            Description = "Size of a disk image: 8G; without it what the file has, or what is needed",
            HelpName = "SIZE",
            CustomParser = result => CommonOptions.Size(result, smallest: 1 << 20),
        };
        Option<bool> yes = new("--yes") { Description = "Erase without asking" };
        Option<bool> json = CommonOptions.Json();
        DocumentedCommand command = new(
            "write",
            "Write an image to a disk so that BIOS and UEFI boot it: GPT, EFI system partition, root. Says what it will erase and asks.",
            "rootcast write try --to /dev/sdb",
            "rootcast write try --to disk.img --size 8G --append console=ttyS0",
            "rootcast write try --form squashfs --to /dev/sdb --yes --json",
            "rootcast write mirrored --form zfs --to /dev/sdb --to /dev/sdc"
        )
        {
            form,
            target,
            size,
            yes,
            json,
        };
        media.AddTo(command);
        command.SetAction(
            async (parsed, cancellation) =>
            {
                ImageStore store = session.OpenStore();
                ImageManifest image = store.Get(parsed.GetRequiredValue(media.Image)).Manifest;
                BootPlan plan = new() { Form = parsed.GetValue(form) ?? FormOf(image), Carrier = Carrier.Disk };
                IReadOnlyList<DiskOrder> orders =
                [
                    .. Targets(image, plan.Form, parsed.GetRequiredValue(target))
                        .Select(
                            (target, number) =>
                                new DiskOrder
                                {
                                    Image = image,
                                    Boot = media.Request(parsed, plan),
                                    Target = target,
                                    Disk = number,
                                    FileBytes = parsed.GetValue(size) is > 0 and long bytes ? bytes : null,
                                    Epoch = MediaOptions.Epoch,
                                }
                        ),
                ];
                return await RunAsync(session, store, orders, parsed.GetValue(yes), parsed.GetValue(json), cancellation);
            }
        );
        return command;
    }

    private static DiskTarget[] Targets(ImageManifest image, Form form, string[] paths)
    {
        int disks = image.ArtefactOf(form).Disks;
        DiskTarget[] targets = [.. paths.Select(DiskTarget.Of)];
        if (targets.Length != disks)
        {
            throw new UserError(
                $"{image.Name} as {Names.Of(form)} goes on {disks} disk{(disks == 1 ? "" : "s")}, and --to names {targets.Length}",
                "Give --to once for each disk.",
                UserErrorKind.Input
            );
        }
        return targets.GroupBy(target => target.Path, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice
            ? throw new UserError($"--to names {twice.Key} twice", "Each disk of a pool is another one.", UserErrorKind.Input)
            : targets;
    }

    private static async Task<int> RunAsync(
        Session session,
        ImageStore store,
        IReadOnlyList<DiskOrder> orders,
        bool yes,
        bool json,
        CancellationToken cancellation
    )
    {
        List<(DiskOrder Order, DiskLayout Layout, IReadOnlyList<FoundOnDisk> Found)> disks = [];
        foreach (DiskOrder order in orders)
        {
            if (order is { FileBytes: not null, Target.IsDevice: true })
            {
                throw new UserError($"{order.Target.Path} is a disk and has its size", "Leave --size out.", UserErrorKind.Input);
            }
            disks.Add((order, DiskWriting.LayoutOf(order), await DiskWriting.FindAsync(order.Target, cancellation)));
        }
        // All is asked before anything is erased.
        foreach ((DiskOrder order, _, IReadOnlyList<FoundOnDisk> found) in disks)
        {
            Confirm(session, order.Target, found, yes);
        }
        List<WrittenDiskData> all = [];
        foreach ((DiskOrder order, DiskLayout layout, IReadOnlyList<FoundOnDisk> found) in disks)
        {
            WrittenDisk written = await session.WithProgressAsync(progress =>
                new DiskWriting(store, progress).WriteAsync(order, layout, cancellation)
            );
            all.Add(WrittenDiskData.Of(written, found));
            if (!json)
            {
                Show(session, order, written, all[^1]);
            }
        }
        if (json)
        {
            session.WriteJson(
                all is [var only]
                    ? JsonSerializer.SerializeToUtf8Bytes(only, CliJson.Default.WrittenDiskData)
                    : JsonSerializer.SerializeToUtf8Bytes(all, CliJson.Default.ListWrittenDiskData)
            );
        }
        return ExitCodes.Done;
    }

    private static void Show(Session session, DiskOrder order, WrittenDisk written, WrittenDiskData data)
    {
        Table table = Tables.Plain("partition", "offset", "size", "PARTUUID");
        foreach (PartitionData partition in data.Partitions)
        {
            table.AddRow(
                $"{partition.Number} {partition.Name}",
                Amounts.Bytes(partition.Offset),
                Amounts.Bytes(partition.Length),
                partition.PartUuid.ToString()
            );
        }
        session.Data.Write(table);
        session.People.WriteLine(
            $"{written.Path} boots by {string.Join(" and ", data.Firmware).ToUpperInvariant()}; its root is {written.FileSystem}"
        );
        if (order.Target.IsDevice && !written.IsSeen)
        {
            session.Warn($"the kernel still has the old partitions of {written.Path}: plug it in again before it is used here");
        }
    }

    private static void Confirm(Session session, DiskTarget target, IReadOnlyList<FoundOnDisk> found, bool yes)
    {
        if (!target.IsDevice && target.Bytes == 0)
        {
            return;
        }
        session.People.WriteLine($"{target.Path} ({Amounts.Bytes(target.Bytes)}) holds, and will lose:");
        foreach (FoundOnDisk one in found)
        {
            string label = one.Label is null ? "" : $" '{one.Label}'";
            session.People.WriteLine($"  {one.Place}  {Amounts.Bytes(one.Bytes)}  {one.What ?? "nothing that is known"}{label}");
        }
        if (found.Count == 0)
        {
            session.People.WriteLine("  nothing that is known");
        }
        if (yes)
        {
            return;
        }
        if (!session.Asking)
        {
            throw new UserError(
                $"nobody is there to say whether {target.Path} may be erased",
                "Add --yes when all of that may go.",
                UserErrorKind.Input
            );
        }
        if (!session.ConfirmByWord("All of it will be erased.", "yes"))
        {
            throw new UserError($"{target.Path} is left as it was", "Type the whole word yes, or add --yes.", UserErrorKind.Input);
        }
    }

    private static Form FormOf(ImageManifest image) =>
        (image.Artefacts.FirstOrDefault(artefact => FormCarriers.IsInPlace(artefact.Form)) ?? image.Artefacts[0]).Form;
}
