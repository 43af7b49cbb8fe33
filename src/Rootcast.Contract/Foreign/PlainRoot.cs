namespace Rootcast.Contract.Foreign;

/// <summary><c>root=</c> without a live image: a file system that is mounted in place, which is what form <c>disk</c> does. Where a boot plan
/// says what the root is, the plan counts: boot loaders write a root= into every line.</summary>
internal static class PlainRoot
{
    /// <returns>Whether the root is that file system.</returns>
    public static bool Translate(ForeignLine line)
    {
        if (line.Last("boot") is { } boot && boot.Value is "casper" or "nfs")
        {
            line.Refuse(boot, "init knows boot=live only");
        }
        if (line.Last("root") is not { } root)
        {
            return false;
        }
        if (PoolOf(root.Value) is { } pool)
        {
            return TranslatePool(line, root, pool);
        }
        if (line.Last("rootcast.form") is not null)
        {
            line.Notes.Add($"{root} is not used: rootcast.form= says what the root is");
            return false;
        }
        if (DeviceName.Of(root.Value) is not { } device)
        {
            line.Refuse(root, "init looks for LABEL=, UUID= or /dev/…");
            return false;
        }
        line.Emit(root.Text, "rootcast.form", "disk");
        line.Emit(root.Text, "rootcast.carrier", Names.Of(Carrier.Disk));
        line.Emit(root.Text, "rootcast.device", device);
        string? options = Options(line);
        if (options is not null)
        {
            line.Emit(root.Text, "rootcast.options", options);
        }
        line.Notes.Add($"{root} is rootcast.form=disk rootcast.device={device}" + (options is null ? "" : $" rootcast.options={options}"));
        return true;
    }

    /// <summary>ZFS's own spellings: <c>ZFS=POOL/DATASET</c>, <c>zfs:POOL/DATASET</c>, and <c>zfs:AUTO</c> for whatever the pool says.</summary>
    private static string? PoolOf(string? root)
    {
        string? name =
            root is null ? null
            : root.StartsWith("ZFS=", StringComparison.OrdinalIgnoreCase) || root.StartsWith("zfs:", StringComparison.OrdinalIgnoreCase)
                ? root[4..]
            : null;
        return name is "AUTO" ? "auto" : name;
    }

    private static bool TranslatePool(ForeignLine line, FoundArgument root, string pool)
    {
        string form = line.Last("rootcast.form")?.Value ?? Names.Of(Form.Zfs);
        if (Names.FormOf(form) is not { } named || !FormCarriers.IsPool(named))
        {
            line.Notes.Add($"{root} is not used: rootcast.form= says what the root is");
            return false;
        }
        if (line.Last("rootcast.form") is null)
        {
            line.Emit(root.Text, "rootcast.form", form);
            line.Emit(root.Text, "rootcast.carrier", Names.Of(Carrier.Disk));
        }
        line.Emit(root.Text, "rootcast.zfs", pool);
        line.Notes.Add($"{root} is rootcast.form={form} rootcast.zfs={pool}");
        return true;
    }

    /// <summary><c>ro</c> or <c>rw</c>, whichever comes last, and what <c>rootflags=</c> says.</summary>
    private static string? Options(ForeignLine line)
    {
        string? flags = line.Last("rootflags")?.Value is { Length: > 0 } given ? given : null;
        return line.Last("ro", "rw") is { } mode && mode.Argument.Is("ro") ? (flags is null ? "ro" : $"ro,{flags}") : flags;
    }
}
