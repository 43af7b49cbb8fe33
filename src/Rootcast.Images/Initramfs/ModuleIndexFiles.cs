using System.Text;
using Rootcast.Contract;
using Rootcast.Formats.Modules;

namespace Rootcast.Images.Initramfs;

/// <summary>The indexes of kmod: read where a kernel is installed, and cut down to the modules of an initramfs.</summary>
internal static class ModuleIndexFiles
{
    private const int FileMode = 0x1A4; // 0644

    /// <summary>Puts the indexes of some modules into a tree.</summary>
    public static void Add(ModuleIndex index, IEnumerable<KernelModule> modules, string version, InitramfsTree tree)
    {
        foreach ((string name, string text) in Cut(index, modules))
        {
            tree.AddFile(
                Encoding.UTF8.GetBytes(text),
                FileMode,
                new InitramfsReason($"{InitramfsPaths.Modules}/{version}/{name}", "index of the packed modules", null),
                MadeContent.Index
            );
        }
    }

    /// <summary>The indexes of some modules by the names of their files.</summary>
    public static (string Name, string Text)[] Cut(ModuleIndex index, IEnumerable<KernelModule> modules)
    {
        ModuleIndexText cut = index.Cut([.. modules]);
        return
        [
            ("modules.dep", cut.Dependencies),
            ("modules.alias", cut.Aliases),
            ("modules.softdep", cut.SoftDependencies),
            ("modules.weakdep", cut.WeakDependencies),
            ("modules.builtin", cut.Builtin),
        ];
    }

    /// <summary>Reads the indexes of a kernel.</summary>
    /// <exception cref="UserError">There are none, or they are damaged.</exception>
    public static ModuleIndex Read(string version, string directory)
    {
        string dependencies = Path.Combine(directory, "modules.dep");
        if (!File.Exists(dependencies))
        {
            throw new UserError(
                $"Kernel {version} has no {dependencies}.",
                $"Run 'depmod {version}', or check the directory of its modules.",
                UserErrorKind.Input
            );
        }
        try
        {
            return ModuleIndex.Read(
                new ModuleIndexText
                {
                    Dependencies = File.ReadAllText(dependencies),
                    Aliases = ReadText("modules.alias"),
                    SoftDependencies = ReadText("modules.softdep"),
                    WeakDependencies = ReadText("modules.weakdep"),
                    Builtin = ReadText("modules.builtin"),
                    BuiltinInfo = ReadText("modules.builtin.modinfo"),
                }
            );
        }
        catch (InvalidDataException e)
        {
            throw new UserError($"Kernel {version}: {e.Message}", $"Run 'depmod {version}'.", cause: e);
        }

        string ReadText(string name)
        {
            string path = Path.Combine(directory, name);
            return File.Exists(path) ? File.ReadAllText(path) : "";
        }
    }
}
