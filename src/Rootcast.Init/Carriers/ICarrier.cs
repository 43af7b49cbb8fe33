using Rootcast.Contract;

namespace Rootcast.Init.Carriers;

/// <summary>How the artefact's bytes reach the machine: one class for each <see cref="Carrier"/>.</summary>
public interface ICarrier
{
    /// <summary>Finds the artefact: waits for the device or the server, and sets the mark <see cref="Marks.ArtefactFound"/>. Nothing of the
    /// artefact's size is read or kept yet, since the preflight comes after this.</summary>
    /// <exception cref="UserError">It is not there, or not what the plan says; with what to do.</exception>
    IArtefactSource Find(Boot boot);
}
