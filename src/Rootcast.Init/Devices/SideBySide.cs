namespace Rootcast.Init.Devices;

/// <summary>Work on several items at the same time, in at most four threads: most of a module's loading is waiting for the
/// kernel (grace periods, devices that answer), so they help on one processor too.</summary>
public static class SideBySide
{
    private const int MostThreads = 4;

    /// <summary>Runs the work for each item and waits for all; the first exception comes out at the end.</summary>
    public static void Run<T>(IReadOnlyList<T> items, Action<T> work)
    {
        int next = -1;
        Exception? failure = null;
        int helpers = Math.Min(MostThreads, items.Count) - 1;
        Thread[] threads = new Thread[Math.Max(helpers, 0)];
        for (int i = 0; i < threads.Length; i++)
        {
            threads[i] = new Thread(Take, 256 * 1024);
            threads[i].Start();
        }
        Take();
        foreach (Thread thread in threads)
        {
            thread.Join();
        }
        if (failure is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        }

        void Take()
        {
            while (Interlocked.Increment(ref next) is var index && index < items.Count)
            {
                try
                {
                    work(items[index]);
                }
                catch (Exception error)
                {
                    Interlocked.CompareExchange(ref failure, error, null);
                }
            }
        }
    }
}
