using Rootcast.Contract;
using Rootcast.Images.Initramfs;

namespace Rootcast.Cli;

/// <summary>The <c>/init</c> that goes into initramfs images.</summary>
internal static class EmbeddedInit
{
    private const string Resource = "init";
    private const string Variable = "ROOTCAST_INIT";

    /// <summary>The file that <c>$ROOTCAST_INIT</c> names, else the one that this program carries.</summary>
    public static InitProgram Load()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } path)
        {
            return InitProgram.FromFile(path);
        }
        using Stream carried =
            typeof(EmbeddedInit).Assembly.GetManifestResourceStream(Resource)
            ?? throw new UserError(
                "this build of rootcast carries no /init",
                $"Use ./rootcast, which publishes both programs, or name the file in {Variable}.",
                UserErrorKind.Missing
            );
        byte[] bytes = new byte[carried.Length];
        carried.ReadExactly(bytes);
        return new InitProgram(bytes);
    }
}
