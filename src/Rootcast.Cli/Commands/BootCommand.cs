using System.CommandLine;
using System.Text.Json;
using Rootcast.Cli.Boots;
using Rootcast.Cli.Data;
using Rootcast.Contract;
using Rootcast.Images.Store;
using Rootcast.Lab.Boots;

namespace Rootcast.Cli.Commands;

/// <summary><c>rootcast boot IMAGE</c>.</summary>
internal static class BootCommand
{
    public static Command Create(Session session)
    {
        Argument<string> image = CommonOptions.Image();
        Option<Form?> form = CommonOptions.Form();
        Option<Carrier?> carrier = CommonOptions.Carrier();
        Option<long> memory = CommonOptions.Memory();
        Option<int> cpus = new("--cpus")
        {
            Description = "Processors of the machine",
            HelpName = "N",
            DefaultValueFactory = _ => 2,
        };
        cpus.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 255)
            {
                result.AddError("--cpus: from 1 to 255");
            }
        });
        Option<bool> console = new("--console") { Description = "Sit at the machine's console, also with --until" };
        Option<string?> until = new("--until")
        {
            Description = "Wait for this mark (ready, root-mounted, ...), report and end the machine; without it you get the console",
            HelpName = "MARK",
        };
        Option<string?> append = new("--append") { Description = "More kernel arguments, in one word", HelpName = "ARGS" };
        Option<int> deadline = new("--deadline")
        {
            Description = "Seconds that a boot with --until may take",
            HelpName = "SECONDS",
            DefaultValueFactory = _ => 180,
        };
        Option<bool> json = CommonOptions.Json();
        DocumentedCommand command = new(
            "boot",
            "Boot an image in a virtual machine. On the console, Ctrl-A X ends the machine.",
            "rootcast boot try --form squashfs --carrier http",
            "rootcast boot try --form tmpfs --carrier disk --memory 1G --until ready --json",
            "rootcast boot try --form squashfs --carrier initrd --append 'rootcast.rescue'"
        )
        {
            image,
            form,
            carrier,
            memory,
            cpus,
            console,
            until,
            append,
            deadline,
            json,
        };
        command.SetAction(
            async (parsed, cancellation) =>
            {
                ImageStore store = session.OpenStore();
                string? mark = parsed.GetValue(until);
                CommonOptions.RequireFit(parsed.GetValue(form)!.Value, parsed.GetValue(carrier)!.Value);
                BootOrder order = new()
                {
                    Image = store.Get(parsed.GetRequiredValue(image)),
                    Plan = new BootPlan { Form = parsed.GetValue(form)!.Value, Carrier = parsed.GetValue(carrier)!.Value },
                    MemoryBytes = parsed.GetValue(memory),
                    Cpus = parsed.GetValue(cpus),
                    Arguments = KernelArguments.Parse(parsed.GetValue(append) ?? ""),
                    Until = mark,
                    OnTerminal = mark is null || parsed.GetValue(console),
                    Deadline = mark is null ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(parsed.GetValue(deadline)),
                };
                return await RunAsync(session, store, order, parsed.GetValue(json), cancellation);
            }
        );
        return command;
    }

    private static async Task<int> RunAsync(Session session, ImageStore store, BootOrder order, bool json, CancellationToken cancellation)
    {
        BootReport report;
        if (order.OnTerminal)
        {
            if (!session.Asking)
            {
                throw new UserError("there is no terminal for the console", "Wait for a mark instead: --until ready", UserErrorKind.Input);
            }
            LabHost host = await LabHost.FindAsync(store, order.Image.Manifest, session.PlainProgress, cancellation);
            session.PlainProgress.Say("Ctrl-A X ends the machine.");
            report = await new Booting(store, host).RunAsync(order, null, cancellation);
        }
        else
        {
            string title = $"boot {order.Image.Manifest.Name} as {Names.Of(order.Plan.Form)} by {Names.Of(order.Plan.Carrier)}";
            report = await session.WithProgressAsync(async progress =>
            {
                LabHost host = await LabHost.FindAsync(store, order.Image.Manifest, progress, cancellation);
                return await new Booting(store, host).RunAsync(order, title, progress, cancellation);
            });
        }
        if (json)
        {
            session.WriteJson(
                JsonSerializer.SerializeToUtf8Bytes(BootData.Of(order.Plan.Form, order.Plan.Carrier, report), CliJson.Default.BootData)
            );
        }
        else if (order.Until is not null)
        {
            foreach (Mark mark in report.Marks)
            {
                await session.Output.WriteLineAsync($"{Terminal.Amounts.Seconds(mark.Time), 10}  {mark.Name}");
            }
        }
        return BootFailure.Of(report, order.Until) is { } failure ? throw failure : ExitCodes.Done;
    }
}
