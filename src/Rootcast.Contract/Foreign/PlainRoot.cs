namespace Rootcast.Contract.Foreign;

/// <summary><c>root=</c> without a live image: a file system that is mounted in place, which is what form <c>disk</c> does. Where a boot plan
/// says what the root is, the plan counts: boot loaders write a root= into every line.</summary>
internal static class PlainRoot
{
    public static void Translate(ForeignLine line)
    {
        if (line.Last("boot") is { } boot && boot.Value is "casper" or "nfs")
        {
            line.Refuse(boot, "init knows boot=live only");
        }
        if (line.Last("root") is not { } root)
        {
            return;
        }
        if (line.Last("rootcast.form") is not null)
        {
            line.Notes.Add($"{root} is not used: rootcast.form= says what the root is");
            return;
        }
        if (DeviceName.Of(root.Value) is not { } device)
        {
            line.Refuse(root, "init looks for LABEL=, UUID= or /dev/…");
            return;
        }
        line.Emit(root.Text, "rootcast.form", "disk");
        line.Emit(root.Text, "rootcast.carrier", Names.Of(Carrier.Disk));
        line.Emit(root.Text, "rootcast.device", device);
        line.Notes.Add($"{root} is rootcast.form=disk rootcast.device={device}");
    }
}
