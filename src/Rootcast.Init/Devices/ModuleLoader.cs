using Rootcast.Contract;
using Rootcast.Formats.Modules;
using Rootcast.Init.Journal;
using Rootcast.Linux;
using Rootcast.Linux.Files;
using Rootcast.Linux.Modules;
using Rootcast.Linux.Processes;

namespace Rootcast.Init.Devices;

/// <summary>Loads modules of the running kernel's directory in the initramfs, each once, what it needs first. Several threads may load at
/// the same time.</summary>
public sealed class ModuleLoader
{
    private readonly BootJournal journal;
    private readonly string directory;
    private readonly ModuleIndex index;
    private readonly Lock gate = new();
    private readonly Dictionary<string, Lock> files = new(StringComparer.Ordinal);
    private readonly HashSet<string> loaded = new(StringComparer.Ordinal);

    private ModuleLoader(BootJournal journal, string kernel, ModuleIndex index)
    {
        this.journal = journal;
        this.index = index;
        Kernel = kernel;
        directory = $"{InitramfsPaths.Modules}/{kernel}";
    }

    /// <summary><c>uname -r</c>.</summary>
    public string Kernel { get; }

    /// <summary>Reads the indexes of the running kernel. An initramfs without any has no modules, and every one asked for is missing.</summary>
    public static ModuleLoader Open(BootJournal journal)
    {
        string kernel = Machine.KernelVersion;
        string indexes = $"{InitramfsPaths.Modules}/{kernel}";
        return new ModuleLoader(
            journal,
            kernel,
            ModuleIndex.Read(
                new ModuleIndexText
                {
                    Dependencies = SmallFile.TryReadText($"{indexes}/modules.dep") ?? "",
                    Aliases = SmallFile.TryReadText($"{indexes}/modules.alias") ?? "",
                    SoftDependencies = SmallFile.TryReadText($"{indexes}/modules.softdep") ?? "",
                    Builtin = SmallFile.TryReadText($"{indexes}/modules.builtin") ?? "",
                }
            )
        );
    }

    /// <summary>Loads a module without which the boot cannot go on.</summary>
    /// <param name="module">Its name.</param>
    /// <param name="purpose">What it is needed for, for the failure screen: <c>form squashfs</c>.</param>
    public void Require(string module, string purpose)
    {
        if (!TryLoad(module) && !FileNodes.Exists($"/sys/module/{ModuleName.Normalise(module)}") && !IsFileSystem(module))
        {
            int count = index.Modules.Count;
            string others = count == 0 ? "no modules for this kernel at all" : $"{count} other modules for it";
            throw new UserError(
                $"{purpose} needs the kernel module {module}, which the initramfs does not have for kernel {Kernel} (it has {others})",
                $"Cast the image again with the module {module} of exactly this kernel, or boot the kernel that the image was cast with."
            );
        }
    }

    /// <summary>Loads several modules side by side; see <see cref="Require"/>.</summary>
    public void RequireAll(string purpose, params ReadOnlySpan<string> modules)
    {
        string[] names = modules.ToArray();
        SideBySide.Run(names, name => Require(name, purpose));
    }

    /// <summary>Loads the modules that serve a device. A module that refuses is a line in the log: another may serve it.</summary>
    public void LoadFor(string modalias)
    {
        foreach (KernelModule module in index.Resolve(modalias).Modules)
        {
            try
            {
                Load(module);
            }
            catch (LinuxException error)
            {
                journal.Problem($"{error.Message} (for {modalias})");
            }
        }
    }

    /// <summary>Whether any packed module serves the device.</summary>
    public bool Serves(string modalias) => index.Resolve(modalias).Modules.Count > 0;

    /// <summary>Loads a module, named by itself or by an alias (<c>iso9660</c>), and what it needs.</summary>
    /// <returns>False when the initramfs does not have it and the kernel has not got it built in.</returns>
    public bool TryLoad(string module)
    {
        ModuleResolution resolution = index.Resolve(module);
        if (resolution.IsUnknown)
        {
            resolution = index.Resolve($"fs-{module}");
        }
        foreach (KernelModule found in resolution.Modules)
        {
            Load(found);
        }
        return !resolution.IsUnknown;
    }

    /// <summary>What a module needs, then itself. Some of it is only wished for (softdep), and may refuse on this machine: that counts only when
    /// the module itself refuses too.</summary>
    private void Load(KernelModule module)
    {
        LinuxException? before = null;
        foreach (KernelModule each in index.LoadOrder(module))
        {
            try
            {
                LoadFile(each.Path);
            }
            catch (LinuxException error) when (each.Name != module.Name)
            {
                before ??= error;
            }
            catch (LinuxException) when (before is not null)
            {
                throw before;
            }
        }
    }

    private void LoadFile(string file)
    {
        Lock own;
        lock (gate)
        {
            if (loaded.Contains(file))
            {
                return;
            }
            if (!files.TryGetValue(file, out Lock? known))
            {
                files[file] = known = new Lock();
            }
            own = known;
        }
        lock (own)
        {
            lock (gate)
            {
                if (loaded.Contains(file))
                {
                    return;
                }
            }
            bool isNew = KernelModules.Load(file.StartsWith('/') ? file : $"{directory}/{file}");
            lock (gate)
            {
                loaded.Add(file);
            }
            if (isNew)
            {
                journal.Say($"loaded {ModuleName.OfPath(file)}");
            }
        }
    }

    /// <summary>Whether the kernel knows that file system by now, with or without a module.</summary>
    public static bool IsFileSystem(string name)
    {
        foreach (ReadOnlySpan<char> line in (SmallFile.TryReadText("/proc/filesystems") ?? "").AsSpan().EnumerateLines())
        {
            if (line[(line.LastIndexOf('\t') + 1)..].SequenceEqual(name))
            {
                return true;
            }
        }
        return false;
    }
}
