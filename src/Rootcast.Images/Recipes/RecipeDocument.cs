using System.Text;
using System.Text.Unicode;
using Rootcast.Contract;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Rootcast.Images.Recipes;

/// <summary>
/// YAML to <see cref="RecipeNode"/>s, within bounds: 1 MiB of UTF-8, 64 levels, one document, no anchors (whose aliases can stand for more
/// than memory holds) and no tags. Built from the parser's events, because the library's own tree is built by recursion without a bound.
/// </summary>
internal static class RecipeDocument
{
    internal const int LargestBytes = 1 << 20;
    internal const int Deepest = 64;

    /// <summary>The root of the only document.</summary>
    internal static RecipeNode Parse(ReadOnlySpan<byte> bytes, string file)
    {
        if (bytes.Length > LargestBytes)
        {
            throw RecipeError.At(
                new RecipePlace(file, 1, 1),
                $"the recipe has more than {LargestBytes} bytes",
                "Put what is long into files of its own, and name them with 'from:' or 'file:'."
            );
        }
        string text = Decode(bytes, file);
        try
        {
            return Build(new Parser(new StringReader(text)), file);
        }
        catch (YamlException error)
        {
            // It starts where the broken value does; a tab in the indentation is where it ends.
            bool isTab = IsIndentedByTab(text, error.End.Line);
            YamlDotNet.Core.Mark mark = isTab ? error.End : error.Start;
            throw RecipeError.At(
                new RecipePlace(file, (int)Math.Max(1, mark.Line), (int)Math.Max(1, mark.Column)),
                $"this is not YAML: {error.Message.TrimEnd('.')}",
                isTab
                    ? "YAML is indented by spaces, never by tabs."
                    : "Look at this line and the one before it: the indentation, quotes that are not closed, a ':' in a text without quotes.",
                error
            );
        }
        catch (Exception error) when (error is not UserError and not OutOfMemoryException)
        {
            // The library's scanner meets some broken inputs with other exceptions, without a place.
            throw RecipeError.At(new RecipePlace(file, 1, 1), $"this is not YAML: {error.Message}", "Check it with a YAML linter.", error);
        }
    }

    private static string Decode(ReadOnlySpan<byte> bytes, string file)
    {
        bytes = bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes;
        if (Utf8.IsValid(bytes))
        {
            return Encoding.UTF8.GetString(bytes);
        }
        char[] scratch = new char[bytes.Length];
        Utf8.ToUtf16(bytes, scratch, out int valid, out _, replaceInvalidSequences: false);
        ReadOnlySpan<byte> before = bytes[..valid];
        int line = before.Count((byte)'\n') + 1;
        int column = Encoding.UTF8.GetCharCount(before[(before.LastIndexOf((byte)'\n') + 1)..]) + 1;
        throw RecipeError.At(
            new RecipePlace(file, line, column),
            $"the byte 0x{bytes[valid]:x2} is not UTF-8",
            "Save the recipe as UTF-8."
        );
    }

    private static RecipeNode Build(Parser parser, string file)
    {
        RecipeNode? root = null;
        Stack<(RecipeNode Node, RecipeText? Key)> open = [];
        while (parser.MoveNext())
        {
            ParsingEvent current = parser.Current!;
            RecipePlace place = new(file, (int)current.Start.Line, (int)current.Start.Column);
            switch (current)
            {
                case DocumentStart when root is not null:
                    throw RecipeError.At(place, "a second document begins here", "A recipe is one document: make it two files.");
                case AnchorAlias:
                case NodeEvent { Anchor.IsEmpty: false }:
                    throw RecipeError.At(place, "anchors and aliases are not taken in a recipe", "Write the value out.");
                case NodeEvent { Tag: { IsEmpty: false } tag } when tag != "!":
                    throw RecipeError.At(place, $"the tag {RecipeError.Show(tag.ToString())} is not taken in a recipe", "Remove it.");
                case Scalar scalar:
                    Place(RecipeNode.OfText(place, scalar.Value, scalar.Style == ScalarStyle.Plain));
                    break;
                case SequenceStart:
                    Open(RecipeNode.OfList(place));
                    break;
                case MappingStart:
                    Open(RecipeNode.OfMapping(place));
                    break;
                case SequenceEnd:
                case MappingEnd:
                    open.Pop();
                    break;
            }
        }
        return root ?? throw RecipeError.At(new RecipePlace(file, 1, 1), "the recipe is empty", "'rootcast init' writes an example.");

        void Open(RecipeNode node)
        {
            if (open.Count == Deepest)
            {
                throw RecipeError.At(node.Place, $"lists and mappings are more than {Deepest} deep here", "No key of a recipe needs that.");
            }
            Place(node);
            open.Push((node, null));
        }

        void Place(RecipeNode node)
        {
            if (!open.TryPop(out (RecipeNode Node, RecipeText? Key) parent))
            {
                root = node;
                return;
            }
            if (parent.Node.Kind == RecipeNodeKind.List)
            {
                parent.Node.Items.Add(node);
            }
            else if (parent.Key is { } key)
            {
                parent.Node.Add(key, node);
                parent.Key = null;
            }
            else if (node.Kind == RecipeNodeKind.Text)
            {
                parent.Key = new RecipeText(node.Text, node.Place);
            }
            else
            {
                throw RecipeError.At(node.Place, $"a key is expected here, not {node.KindInWords}", "Keys are plain words.");
            }
            open.Push(parent);
        }
    }

    private static bool IsIndentedByTab(string text, long line)
    {
        string shown = text.Split('\n').ElementAtOrDefault((int)line - 1) ?? "";
        return shown.AsSpan(0, shown.Length - shown.TrimStart().Length).Contains('\t');
    }
}
