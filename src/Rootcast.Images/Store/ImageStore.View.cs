namespace Rootcast.Images.Store;

public sealed partial class ImageStore
{
    /// <summary>A store with an index of its own over this one's blobs: who gives and takes names there changes nothing here. Nothing may be collected in it; what is
    /// collected here meanwhile is gone there, too.</summary>
    /// <param name="directory">Where it is made.</param>
    public ImageStore View(string directory)
    {
        string blobs = Path.Combine(directory, OciNames.BlobDirectory);
        System.IO.Directory.CreateDirectory(Path.GetDirectoryName(blobs)!);
        File.CreateSymbolicLink(blobs, _blobs);
        foreach (string name in (string[])[OciNames.IndexFile, OciNames.LayoutFile])
        {
            File.Copy(Path.Combine(Directory, name), Path.Combine(directory, name));
        }
        return Open(directory);
    }
}
