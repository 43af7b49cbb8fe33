using System.Text;
using Rootcast.Contract;
using Rootcast.Images.Recipes;
using Rootcast.Images.RootDaemons;
using Rootcast.Images.Sources;

namespace Rootcast.Images.Initramfs;

/// <summary>Decides what goes into an initramfs, and why.</summary>
public static class InitramfsBuilder
{
    private const int FileMode = 0x1A4; // 0644
    private const int ProgramMode = 0x1ED; // 0755

    /// <summary>Gathers everything; nothing is written.</summary>
    /// <exception cref="UserError">A kernel lacks a module that was asked for by name or that a form needs, or a file or library is missing.</exception>
    public static async Task<InitramfsDraft> DraftAsync(InitramfsRequest request, CancellationToken cancellation = default)
    {
        InitramfsTree tree = new(request.Epoch, new RootFiles(request.Root));
        List<string> notes = [];
        tree.AddSkeleton();
        tree.AddFile(request.Init.Bytes, ProgramMode, new InitramfsReason("/init", "what the kernel runs first", null), MadeContent.Init);
        List<(string Path, string File)> modules = [];
        foreach (KernelFiles kernel in request.Kernels)
        {
            cancellation.ThrowIfCancellationRequested();
            ModuleSelection selection = ModuleSelection.Select(kernel, request, tree);
            notes.AddRange(selection.Notes);
            modules.AddRange(selection.Packed);
        }
        if (request.Modules.Count > 0)
        {
            byte[] names = Encoding.UTF8.GetBytes(string.Concat(request.Modules.Select(name => name + "\n")));
            tree.AddFile(
                names,
                FileMode,
                new InitramfsReason(InitramfsPaths.ModulesToLoad, "modules named in the recipe, loaded first", null)
            );
        }
        if (request.ZramFileSystem is { } empty)
        {
            tree.AddFile(empty.Archive, FileMode, new InitramfsReason(InitramfsPaths.ZramFileSystem, "form zram", null));
        }
        if (request.ImageArguments.Count > 0)
        {
            byte[] arguments = Encoding.UTF8.GetBytes(string.Concat(request.ImageArguments.Select(argument => $"{argument}\n")));
            tree.AddFile(arguments, FileMode, new InitramfsReason(InitramfsPaths.ImageArguments, "what the recipe says", null));
        }
        if (request.Firmware)
        {
            await FirmwareFiles.AddAsync(modules, [.. request.FirmwareDirectories.Select(tree.Files.OnHost)], tree, notes, cancellation);
        }
        LibraryClosure libraries = new(tree, notes);
        if (request.BusyboxPath is { } busybox)
        {
            AddBusybox(busybox, tree, libraries);
        }
        foreach (RecipeInitramfsFile file in request.Files)
        {
            AddFile(file, tree, libraries);
        }
        foreach (PackedRootDaemon daemon in request.RootDaemons)
        {
            string place = $"{InitramfsPaths.RootDaemons}/{daemon.Daemon.Name}";
            string because = $"root daemon {daemon.Daemon.Name}";
            tree.AddFile(Encoding.UTF8.GetBytes(daemon.Daemon.ToText()), FileMode, new InitramfsReason(place + ".conf", because, null));
            tree.AddFile(daemon.Archive, FileMode, new InitramfsReason(place + ".tar", because, null));
        }
        foreach (InitramfsReason program in request.Programs)
        {
            if (!libraries.AddProgram(program.Path, program.Because, program.By))
            {
                throw new UserError(
                    $"{program.Path} is not there ({program.Because}).",
                    "Install the package that has it.",
                    UserErrorKind.Missing
                );
            }
        }
        foreach (InitramfsReason copy in request.Copies)
        {
            if (tree.Files.Find(copy.Path) is { } file)
            {
                tree.AddFile(file, file.Status.Permissions, copy);
            }
        }
        if (request.Udev)
        {
            UdevFiles.Add(tree, libraries, notes);
        }
        foreach ((InitramfsReason reason, string text) in request.Texts)
        {
            tree.AddFile(Encoding.UTF8.GetBytes(text), FileMode, reason);
        }
        if (request.PackManifest)
        {
            InitramfsManifest.Pack(tree);
        }
        return new InitramfsDraft(tree, notes);
    }

    private static void AddBusybox(string path, InitramfsTree tree, LibraryClosure libraries)
    {
        InitramfsReason reason = new(InitramfsPaths.Busybox, "busybox for rootcast.rescue and rootcast.onfail=shell", null);
        tree.AddFile(path, ProgramMode, reason);
        libraries.Add(tree.Files.OfHost(path), reason.Path);
        tree.AddLink("/usr/bin/sh", "busybox", new InitramfsReason("/usr/bin/sh", "busybox's shell", InitramfsPaths.Busybox));
    }

    private static void AddFile(RecipeInitramfsFile file, InitramfsTree tree, LibraryClosure libraries)
    {
        if (!File.Exists(file.From))
        {
            throw new UserError(
                $"{file.Place}: the file {file.From} for the initramfs is not there.",
                "Name a file of this host, or take the line out of the recipe.",
                UserErrorKind.Input
            );
        }
        int mode = (int)File.GetUnixFileMode(file.From);
        if (!tree.AddFile(file.From, mode, new InitramfsReason(file.Path, $"named in the recipe ({file.Place})", null)))
        {
            throw new UserError(
                $"{file.Place}: {file.Path} is in the initramfs already: {tree.Reasons.Why(InitramfsTree.Real(file.Path))[0][0].Because}.",
                "Choose another path.",
                UserErrorKind.Input
            );
        }
        libraries.Add(tree.Files.OfHost(file.From), InitramfsTree.Real(file.Path));
    }
}
