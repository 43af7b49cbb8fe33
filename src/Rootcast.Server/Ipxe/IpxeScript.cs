using Rootcast.Contract;

namespace Rootcast.Server.Ipxe;

/// <summary>Scripts for iPXE. Pure functions of what they name.</summary>
public static class IpxeScript
{
    /// <summary>What every script begins with.</summary>
    public const string Magic = "#!ipxe\n";

    /// <summary>How a machine's own hardware address is written where iPXE fills it in.</summary>
    public const string OwnAddress = "${netX/mac:hexhyp}";

    private const int RetrySeconds = 5;
    private const int WaitSeconds = 10;

    /// <summary>Fetches kernel and initrd and starts them; as long as the server does not answer it tries again.</summary>
    /// <param name="title">For people.</param>
    /// <param name="kernel">URL of the kernel.</param>
    /// <param name="initrd">URL of the initrd.</param>
    /// <param name="arguments">The kernel's command line.</param>
    /// <param name="macAddress">As <see cref="HardwareAddress"/> has it; null lets iPXE fill in the card that it booted from.</param>
    public static string Boot(string title, string kernel, string initrd, KernelArguments arguments, string? macAddress)
    {
        // By UEFI the kernel finds its initrd by that name only.
        string line = $"initrd=initrd.img BOOTIF=01-{macAddress ?? OwnAddress} {arguments}".TrimEnd();
        return Magic
            + $"echo Rootcast: {title}\n"
            + ":fetch\n"
            + $"kernel --name vmlinuz {kernel} {line} || goto again\n"
            + $"initrd --name initrd.img {initrd} || goto again\n"
            + "boot\n"
            + ":again\n"
            + $"echo Rootcast: trying again in {RetrySeconds} seconds\n"
            + $"sleep {RetrySeconds}\n"
            + "imgfree\n"
            + "goto fetch\n";
    }

    /// <summary>The three lines of the EL6 article on a root in tmpfs, word for word but for the URLs.</summary>
    public static string El6(string kernel, string initrd) =>
        Magic
        + $"initrd {initrd}\n"
        + $"kernel {kernel} initrd=initrd.img root=/live.iso rootfstype=auto rw liveimg toram size=4096\n"
        + "boot\n";

    /// <summary>Goes on with the script at a URL.</summary>
    public static string Chain(string url) => Magic + $"chain {url}\n";

    /// <summary>Asks anew, with all that tells a machine from others.</summary>
    /// <param name="url">With a question mark in it.</param>
    public static string Identify(string url) =>
        Magic
        + ":ask\n"
        + $"chain --replace {url.TrimEnd('?')}{(url.EndsWith('?') ? "?" : "&")}mac={OwnAddress}&uuid=${{uuid}}&serial=${{serial:uristring}} || sleep {RetrySeconds}\n"
        + "goto ask\n";

    /// <summary>Says why the machine has to wait, and asks again after a while.</summary>
    /// <param name="node">The node's id.</param>
    /// <param name="reason">Why.</param>
    /// <param name="again">URL of the same question; null when it was asked often enough.</param>
    public static string Wait(string node, string reason, string? again) =>
        Magic
        + $"echo Rootcast: node {node} {reason}\n"
        + (
            again is null
                ? "echo Rootcast: nobody has answered; start the machine again to ask again\nexit 1\n"
                : $"echo Rootcast: asking again in {WaitSeconds} seconds\nsleep {WaitSeconds}\nchain --replace {again}\n"
        );

    /// <summary>A hardware address in any usual spelling, as <c>BOOTIF=</c> has it behind the type: <c>52-54-00-12-34-56</c>; null when it is none.</summary>
    public static string? HardwareAddress(string text)
    {
        string digits = text.Replace(":", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();
        return digits.Length == 12 && !digits.AsSpan().ContainsAnyExcept("0123456789abcdef")
            ? string.Join('-', digits.Chunk(2).Select(pair => new string(pair)))
            : null;
    }
}
