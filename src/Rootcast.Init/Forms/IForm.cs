using Rootcast.Contract;
using Rootcast.Init.Carriers;

namespace Rootcast.Init.Forms;

/// <summary>How the root is held while the machine runs: the guest's half of one <see cref="Form"/>.</summary>
public interface IForm
{
    /// <summary>Loads the modules that the form needs; called before the artefact is looked for, so that no transfer is wasted.</summary>
    void Prepare(Boot boot);

    /// <summary>Mounts the root, writable, at <paramref name="root"/>, an empty directory.</summary>
    void Mount(Boot boot, IArtefactSource source, string root);
}
