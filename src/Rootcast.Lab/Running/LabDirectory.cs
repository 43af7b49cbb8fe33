using Rootcast.Lab.Machines;

namespace Rootcast.Lab.Running;

/// <summary>A directory for the sockets, initrds and disks of machines; disposing it removes it with all that is in it.</summary>
public sealed class LabDirectory : IDisposable
{
    /// <summary>Where it is.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("rootcast-lab-").FullName;

    /// <summary>A file in it.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>A machine's files in it, the console log included unless it is to stay elsewhere.</summary>
    /// <param name="consoleLog">Where that is.</param>
    /// <param name="typing">Whether something will be typed on the console.</param>
    public MachineFiles MachineFiles(string? consoleLog = null, bool typing = false) =>
        new(
            File("events.sock"),
            File("qmp.sock"),
            consoleLog ?? File("console.log"),
            typing ? File("console.sock") : null,
            File("work.sock"),
            File("process")
        );

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
