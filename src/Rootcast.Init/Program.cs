using Rootcast.Contract;
using Rootcast.Init;
using Rootcast.Init.Carriers;
using Rootcast.Init.Failure;
using Rootcast.Init.Forms;
using Rootcast.Init.Handover;
using Rootcast.Init.Journal;
using Rootcast.Init.Network;
using Rootcast.Init.Stages;
using Rootcast.Linux.Files;
using Rootcast.Linux.Memory;
using Rootcast.Linux.Processes;

const string root = InitramfsPaths.UnpackedTree;
BootJournal journal = new();
journal.Mark(Marks.InitStart);

if (Environment.ProcessId != 1)
{
    FileData.Write(new(2, ownsHandle: false), "rootcast-init is the /init of an initramfs: it runs as process 1 and nowhere else.\n"u8);
    return 2;
}

BootPlan? plan = null;
Boot? started = null;
try
{
    journal.Begin("api-file-systems");
    ApiFileSystems.Mount(journal);
    string? freePages = FreePageLists.Shorten();

    journal.Begin("plan");
    plan = PlanReading.Read(journal);

    journal.Begin("modules");
    IForm form = FormOf.Plan(plan);
    Boot boot = DeviceStart.Run(plan, journal, form);
    started = boot;
    Shell.RunWhenAsked(boot, RescuePoint.Artefact);

    Activation.Run(boot);

    journal.Begin("artefact");
    (IArtefactSource source, boot) = CarrierSearch.Find(boot);
    plan = boot.Plan;
    started = boot;
    using (source)
    {
        journal.Begin("preflight");
        MemoryInfo memory = MemoryInfo.Read();
        journal.Say(Preflight.Check(plan, source.Length, memory.Total, memory.Available));

        journal.Begin("root");
        ApiFileSystems.MakeDirectory(root);
        form.Mount(boot, source, root);
        journal.Mark(Marks.RootMounted);
    }
    NetworkStart.RunWhenAsked(boot);
    Shell.RunWhenAsked(boot, RescuePoint.Handover);

    journal.Begin("handover");
    SwitchRoot.Run(boot, root, args, freePages);
}
catch (Exception error)
{
    try
    {
        FailureHandling.Run(journal, error, plan, started);
    }
    finally
    {
        // Whatever happens in there: process 1 may not end, or the kernel panics over the screen.
        Machine.Reboot();
    }
}
return 1;
