using System.Runtime.CompilerServices;

namespace Rootcast.Tests;

/// <summary>Compares a text with the file of that name beside the test; <c>ROOTCAST_GOLDEN=write</c> writes it instead.</summary>
internal static class Golden
{
    public static void Assert(string name, string actual, [CallerFilePath] string caller = "")
    {
        string file = Path.Combine(Path.GetDirectoryName(caller)!, name);
        if (Environment.GetEnvironmentVariable("ROOTCAST_GOLDEN") == "write")
        {
            File.WriteAllText(file, actual);
        }
        Xunit.Assert.Equal(File.ReadAllText(file), actual);
    }
}
