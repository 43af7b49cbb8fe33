using Rootcast.Contract;
using Rootcast.Formats.Modules;

namespace Rootcast.Images.Initramfs;

/// <summary>What a block device lies on, down to the hardware: the layers in the order in which they must be brought up, and the drivers below them.</summary>
internal sealed class RootStack
{
    private const int DeepestStack = 16;
    private const string Block = "/sys/class/block";
    private const string Virtual = "/sys/devices/virtual/block/";

    private readonly SysTree _sys;
    private readonly List<StackLayer> _layers = [];
    private readonly List<(string Name, string Because)> _modules = [];

    private RootStack(SysTree sys) => _sys = sys;

    /// <summary>Layers, the lowest first; none for a plain disk.</summary>
    public IReadOnlyList<StackLayer> Layers => _layers;

    /// <summary>Modules of the drivers below.</summary>
    public IReadOnlyList<(string Name, string Because)> Modules => _modules;

    /// <summary>Looks at a device.</summary>
    /// <param name="sys">Where to look.</param>
    /// <param name="name">The kernel's name: <c>dm-0</c>.</param>
    /// <exception cref="UserError">A layer is not supported.</exception>
    public static RootStack Of(SysTree sys, string name)
    {
        RootStack stack = new(sys);
        stack.Add(name, 0);
        return stack;
    }

    /// <param name="name">The kernel's name.</param>
    /// <param name="depth">How many devices lie on it.</param>
    /// <param name="group">The volume group of the logical volume that lies on it, which brings up all of its own parts; null for none.</param>
    private void Add(string name, int depth, string? group = null)
    {
        string? place = _sys.Real($"{Block}/{name}");
        if (place is null || depth > DeepestStack)
        {
            throw MountedRoot.Refuse($"is on {name}, of which /sys knows nothing");
        }
        if (_sys.Has($"{place}/partition"))
        {
            Add(place[..place.LastIndexOf('/')].Split('/')[^1], depth + 1);
            return;
        }
        string? uuid = _sys.Text($"{place}/dm/uuid");
        string? ownGroup = StackLayer.VolumeGroupOf(uuid);
        foreach (string lower in _sys.Names($"{place}/slaves"))
        {
            Add(lower, depth + 1, ownGroup);
        }
        if (uuid is not null)
        {
            if (ownGroup is null || ownGroup != group)
            {
                AddLayer(StackLayer.OfDeviceMapper(uuid, _sys.Text($"{place}/dm/name") ?? name));
            }
        }
        else if (_sys.Text($"{place}/md/level") is { } level)
        {
            AddLayer(StackLayer.OfRaid(name, level, _sys.Text($"{place}/md/metadata_version")));
        }
        else if (name.StartsWith("loop", StringComparison.Ordinal) || name.StartsWith("nbd", StringComparison.Ordinal))
        {
            throw MountedRoot.Refuse($"is on {name}, and /init knows not where that comes from");
        }
        else if (place.StartsWith(Virtual, StringComparison.Ordinal))
        {
            // bcache, drbd, zram, rbd, …: no driver of a bus finds these, so somebody has to put them together.
            throw MountedRoot.Refuse($"is on {name}, which no disk is and which /init does not put together");
        }
        else
        {
            if (place.Contains("/session", StringComparison.Ordinal))
            {
                throw MountedRoot.Refuse($"is on {name}, an iSCSI disk");
            }
            AddDrivers(place, name);
        }
    }

    private void AddLayer(StackLayer layer)
    {
        if (_layers.Contains(layer))
        {
            return;
        }
        _layers.Add(layer);
        foreach (string module in layer.Modules)
        {
            AddModule(module, $"the root is on {layer}");
        }
    }

    /// <summary>The drivers of a disk and of everything that it hangs on.</summary>
    private void AddDrivers(string place, string name)
    {
        for (string device = place; device.Length > "/sys/devices".Length; device = device[..device.LastIndexOf('/')])
        {
            if (_sys.Real($"{device}/driver/module") is { } module)
            {
                AddModule(Path.GetFileName(module), $"driver below the root's disk {name}");
            }
        }
    }

    private void AddModule(string name, string because)
    {
        if (!_modules.Exists(known => ModuleName.Normalise(known.Name) == ModuleName.Normalise(name)))
        {
            _modules.Add((name, because));
        }
    }
}
