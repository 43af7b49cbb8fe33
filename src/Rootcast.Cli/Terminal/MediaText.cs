using System.Globalization;
using Rootcast.Images.Media;
using Spectre.Console;

namespace Rootcast.Cli.Terminal;

/// <summary>A medium as a tree for people: a line a level, what is known of it below.</summary>
internal static class MediaText
{
    /// <summary>The whole of it.</summary>
    public static Tree Of(MediaLevel level)
    {
        Tree tree = new(new Text(Line(level)));
        Fill(tree, level);
        return tree;
    }

    /// <summary>A level in one line: <c>live/filesystem.squashfs: squashfs, 105.5 MB, xz, blocks of 128 KiB</c>.</summary>
    internal static string Line(MediaLevel level)
    {
        List<string> parts = [level.Kind, Amounts.Bytes(level.Bytes)];
        if (level.Compressor is { } compressor && compressor != level.Kind)
        {
            parts.Add(compressor);
        }
        if (level.BlockBytes is { } block)
        {
            parts.Add($"blocks of {(block % 1024 == 0 ? $"{block / 1024} KiB" : $"{block} bytes")}");
        }
        if (level.Label is { } label)
        {
            parts.Add($"'{label}'");
        }
        return $"{level.Name}: {string.Join(", ", parts)}";
    }

    private static void Fill(IHasTreeNodes node, MediaLevel level)
    {
        if (level.Entries is { } entries)
        {
            string size = level.UnpackedBytes is { } bytes ? $", {Amounts.Bytes(bytes)} of files" : "";
            Add(string.Create(CultureInfo.InvariantCulture, $"{entries} entries{size}"));
        }
        else if (level.UnpackedBytes is { } bytes)
        {
            Add($"{Amounts.Bytes(bytes)} unpacked");
        }
        if (level.System is { } system)
        {
            Add($"system: {system}");
        }
        if (level.Init is { } init)
        {
            Add($"init: {init}");
        }
        if (level.Kernels.Count > 0)
        {
            Add($"kernels: {string.Join(", ", level.Kernels)}");
        }
        if (level.Modules.Count > 0)
        {
            Add($"modules: {string.Join(", ", level.Modules)}");
        }
        foreach (string note in level.Notes)
        {
            Add(note);
        }
        foreach (MediaLevel inside in level.Inside)
        {
            Fill(node.AddNode(new Text(Line(inside))), inside);
        }

        void Add(string text) => node.AddNode(new Text(text));
    }
}
