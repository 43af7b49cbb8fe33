using System.Text;
using Rootcast.Contract;
using Rootcast.Images.Recipes;

namespace Rootcast.Tests;

public class RecipeFuzzTests
{
    private static readonly string[] Pieces =
    [
        "[",
        "]",
        "{",
        "}",
        ": ",
        "- ",
        "\n",
        "\n  ",
        "\t",
        "'",
        "\"",
        "|\n",
        ">\n",
        "&a ",
        "*a ",
        "!!str ",
        "? ",
        "---\n",
        "...\n",
        "%TAG ! x\n",
        "#",
        "\\",
        "\0",
        "\u2028",
        "~",
        "null",
        "\uFEFF",
        "name",
        "\"\\U00110000\"",
        "\"\\xZ\"",
        "|9\n",
        "|-+\n",
        "!<",
        ",",
        "0",
        "é",
    ];

    /// <summary>Small recipes mutate as widely as large ones and read a hundred times faster.</summary>
    private static readonly string[] Seeds =
    [
        "name: a\nforms: [tmpfs]\nsource:\n  debian: {suite: sid, packages: [a, b]}\n",
        "name: a\nforms:\n- tmpfs\nsource: {tar: \"a\\u00e9\"}\nfiles:\n- path: /a\n  content: |\n    x\n  mode: 0644\n",
        "name: 'a'\nsource: {directory: x}\nkernels: [host, {debian: cloud}]\nforms: [squashfs]\nroot: {password-hash: '*'}\n",
        "name: a\nforms: [tmpfs]\nsource: {debian: {suite: sid, extra-sources: [\"deb [a=b] http://x y z\"], mirror: 'file:///x'}}\n",
        "initramfs: {sets: [usb], files: [/a, {from: a, path: /b}]}\nscripts: [\"a\", {file: b}]\nhostname: x\n",
    ];

    [Fact]
    public void MutatedRecipesAreReadOrRefusedWithAPlace()
    {
        Random random = new(20240607);
        int read = 0;
        for (int i = 0; i < 110_000; i++)
        {
            byte[] input = Mutate(Seeds[random.Next(Seeds.Length)], random);
            try
            {
                _ = Recipe.Parse(input, "r.yaml");
                read++;
            }
            catch (UserError error) when (error.Kind == UserErrorKind.Input)
            {
                Assert.StartsWith("r.yaml:", error.Message, StringComparison.Ordinal);
            }
            catch (Exception error)
            {
                Assert.Fail($"{Convert.ToHexString(input)}: {error}");
            }
        }
        // Otherwise the mutations would all break at the surface.
        Assert.InRange(read, 1_000, 109_000);
    }

    private static byte[] Mutate(string seed, Random random)
    {
        List<byte> bytes = [.. Encoding.UTF8.GetBytes(seed)];
        for (int changes = random.Next(1, 5); changes > 0 && bytes.Count > 0; changes--)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 20), bytes.Count - at));
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 30), bytes.Count - at)));
                    break;
                case 3:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                default:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(Pieces[random.Next(Pieces.Length)]));
                    break;
            }
        }
        return [.. bytes];
    }
}
