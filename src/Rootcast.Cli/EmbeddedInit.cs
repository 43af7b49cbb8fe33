using Rootcast.Contract;
using Rootcast.Images.Initramfs;
using Rootcast.Images.Tools;

namespace Rootcast.Cli;

/// <summary>The <c>/init</c> that goes into initramfs images.</summary>
internal static class EmbeddedInit
{
    private const string Resource = "init.zst";
    private const string Variable = "ROOTCAST_INIT";

    /// <summary>The file that <c>$ROOTCAST_INIT</c> names, else the one that this program carries.</summary>
    public static InitProgram Load()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } path)
        {
            return InitProgram.FromFile(path);
        }
        byte[] carried =
            PackedResource.Read(typeof(EmbeddedInit).Assembly, Resource)
            ?? throw new UserError(
                "this build of rootcast carries no /init",
                $"Use ./rootcast, which publishes both programs, or name the file in {Variable}.",
                UserErrorKind.Missing
            );
        return new InitProgram(carried);
    }
}
