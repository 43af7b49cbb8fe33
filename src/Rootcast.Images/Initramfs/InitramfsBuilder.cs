using System.Text;
using Rootcast.Contract;
using Rootcast.Images.Recipes;
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
        InitramfsTree tree = new(request.Epoch);
        List<string> notes = [];
        tree.AddSkeleton();
        tree.AddFile(request.Init.Bytes, ProgramMode, new InitramfsReason("/init", "what the kernel runs first", null));
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
        if (request.Firmware)
        {
            await FirmwareFiles.AddAsync(modules, request.FirmwareDirectories, tree, notes, cancellation);
        }
        LibraryClosure libraries = new(tree);
        if (request.BusyboxPath is { } busybox)
        {
            AddBusybox(busybox, tree, libraries);
        }
        foreach (RecipeInitramfsFile file in request.Files)
        {
            AddFile(file, tree, libraries);
        }
        return new InitramfsDraft(tree, notes);
    }

    private static void AddBusybox(string path, InitramfsTree tree, LibraryClosure libraries)
    {
        InitramfsReason reason = new(InitramfsPaths.Busybox, "busybox for rootcast.rescue and rootcast.onfail=shell", null);
        tree.AddFile(path, ProgramMode, reason);
        libraries.Add(path, reason.Path);
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
        libraries.Add(file.From, InitramfsTree.Real(file.Path));
    }
}
