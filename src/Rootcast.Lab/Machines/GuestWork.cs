using System.Globalization;
using System.Text;
using Rootcast.Contract;

namespace Rootcast.Lab.Machines;

/// <summary>What a guest does once it is ready and has reported that.</summary>
/// <param name="Script">For its /bin/sh: descriptor 3 takes <see cref="GuestEvent"/> lines, descriptor 4 gives <paramref name="Files"/>.</param>
/// <param name="Files">Paths of files on this host whose bytes follow the script, one after another; the script knows their lengths.</param>
public sealed record GuestWork(string Script, params IReadOnlyList<string> Files)
{
    /// <summary>Sends it as <see cref="GuestEvent.WorkPort"/> says. The other side takes it when it comes to it.</summary>
    public async Task SendAsync(Stream stream, CancellationToken cancellation)
    {
        byte[] script = Encoding.UTF8.GetBytes(Script);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(script.Length.ToString("D8", CultureInfo.InvariantCulture)), cancellation);
        await stream.WriteAsync(script, cancellation);
        foreach (string path in Files)
        {
            await using FileStream file = File.OpenRead(path);
            await file.CopyToAsync(stream, cancellation);
        }
    }
}
