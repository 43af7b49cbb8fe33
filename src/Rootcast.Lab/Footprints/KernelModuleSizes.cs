using System.Globalization;

namespace Rootcast.Lab.Footprints;

/// <summary>/proc/modules: a line is <c>NAME BYTES USERS …</c>.</summary>
internal static class KernelModuleSizes
{
    public static IReadOnlyList<(string Name, long Bytes)> Parse(string text)
    {
        List<(string, long)> modules = [];
        foreach (string line in text.Split('\n'))
        {
            string[] words = line.Split(' ');
            if (words.Length > 2 && uint.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out uint bytes))
            {
                modules.Add((words[0], bytes));
            }
        }
        return modules;
    }
}
