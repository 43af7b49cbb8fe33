using Rootcast.Server.Ipxe;
using Rootcast.Server.Site;

namespace Rootcast.Server.ProxyDhcp;

/// <summary>What a client is to load, or why nothing.</summary>
/// <param name="Name">File name for TFTP, or URL; null for nothing.</param>
/// <param name="Reason">In words for the log.</param>
public readonly record struct BootFile(string? Name, string Reason)
{
    /// <summary>Decides. A pure function of what the client says and what the server has.</summary>
    public static BootFile For(NetworkClient client, ServerPlace place)
    {
        switch (client.Kind)
        {
            case ClientKind.Other:
                return new BootFile(null, "not a PXE client");
            case ClientKind.Pxe when !place.HasTftp:
                return new BootFile(null, $"{client.ArchitectureName} firmware loads by TFTP, which is not served");
            case ClientKind.Ipxe:
                return new BootFile(place.Url(BootPaths.ScriptOf(client.HardwareAddress)), "iPXE gets its script");
            case ClientKind.HttpBoot when client.Architecture == ClientArchitecture.EfiX64 && place.HasEfiProgram:
                return new BootFile(
                    place.Url(BootPaths.EfiProgramOf(client.HardwareAddress)),
                    "UEFI HTTP Boot gets kernel and initrd as one program"
                );
        }
        string[] wanted = client.Architecture switch
        {
            ClientArchitecture.Bios => [IpxePrograms.Bios],
            // The firmware's own driver first: it is what just worked.
            ClientArchitecture.EfiX64 => [IpxePrograms.EfiFirmwareDriver, IpxePrograms.Efi],
            ClientArchitecture.EfiArm64 => [IpxePrograms.EfiArm64],
            _ => [],
        };
        string? program = Array.Find(wanted, name => place.Programs.Contains(name, StringComparer.Ordinal));
        if (program is null)
        {
            string lacking = wanted.Length > 0 ? $"{wanted[0]} of Debian's package ipxe is not here" : "no iPXE is made for it";
            return new BootFile(null, $"{client.ArchitectureName}: {lacking}");
        }
        return client.Kind == ClientKind.HttpBoot
            ? new BootFile(place.Url("/" + program), $"UEFI HTTP Boot on {client.ArchitectureName} gets iPXE")
            : new BootFile(program, $"{client.ArchitectureName} gets iPXE");
    }
}
