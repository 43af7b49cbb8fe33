using System.Text;
using System.Threading.Channels;

namespace Rootcast.Lab.Boots;

/// <summary>Waits for a text on a guest's console: for guests that speak to people alone, as an installer that asks its first question.</summary>
public static class ConsoleText
{
    /// <summary>Returns when the console log has the text.</summary>
    /// <param name="log">The log; it need not be there yet, its directory must.</param>
    /// <param name="text">As the guest writes it, with the terminal's control characters between if it wraps.</param>
    /// <param name="from">Where in the log to begin, in bytes.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>Where in the log the text ends.</returns>
    public static async Task<long> WaitAsync(string log, string text, long from, CancellationToken cancellation)
    {
        Channel<bool> changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        using FileSystemWatcher watcher = new(Path.GetDirectoryName(log)!, Path.GetFileName(log));
        watcher.NotifyFilter = NotifyFilters.Size | NotifyFilters.LastWrite | NotifyFilters.FileName;
        watcher.Changed += Note;
        watcher.Created += Note;
        watcher.EnableRaisingEvents = true;
        byte[] wanted = Encoding.UTF8.GetBytes(text);
        long done = from;
        while (!Has(log, wanted, ref done))
        {
            await changes.Reader.ReadAsync(cancellation);
        }
        return done;

        void Note(object sender, FileSystemEventArgs e) => changes.Writer.TryWrite(true);
    }

    /// <summary>Whether what is new in the log has the text; what may be its beginning is looked at again.</summary>
    private static bool Has(string log, byte[] wanted, ref long done)
    {
        if (!File.Exists(log))
        {
            return false;
        }
        using FileStream file = new(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Seek(done, SeekOrigin.Begin);
        byte[] bytes = new byte[(int)Math.Min(file.Length - done, 64 << 20)];
        int got = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        int at = bytes.AsSpan(0, got).IndexOf(wanted);
        done = at >= 0 ? done + at + wanted.Length : Math.Max(done, done + got - wanted.Length + 1);
        return at >= 0;
    }
}
