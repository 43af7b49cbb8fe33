using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Rootcast.Contract;

namespace Rootcast.Server.Interfaces;

/// <summary>A network interface of this host on which machines are served.</summary>
/// <param name="Name">As the kernel has it.</param>
/// <param name="Address">Its first IPv4 address: where machines on that network reach this server.</param>
/// <param name="PrefixLength">Of that address's network.</param>
public sealed record ServedInterface(string Name, IPAddress Address, int PrefixLength)
{
    /// <summary>The interfaces that are up, have an IPv4 address and are not the loopback.</summary>
    public static IReadOnlyList<ServedInterface> All()
    {
        List<ServedInterface> found = [];
        foreach (NetworkInterface one in NetworkInterface.GetAllNetworkInterfaces())
        {
            if (one.NetworkInterfaceType == NetworkInterfaceType.Loopback || one.OperationalStatus == OperationalStatus.Down)
            {
                continue;
            }
            foreach (UnicastIPAddressInformation address in one.GetIPProperties().UnicastAddresses)
            {
                if (address.Address.AddressFamily == AddressFamily.InterNetwork)
                {
                    found.Add(new ServedInterface(one.Name, address.Address, address.PrefixLength));
                    break;
                }
            }
        }
        return found;
    }

    /// <summary>Those of them that are named, by interface or by address.</summary>
    /// <param name="all">What there is.</param>
    /// <param name="names">What was asked for; nothing stands for all.</param>
    /// <exception cref="UserError">One of the names is none of them.</exception>
    public static IReadOnlyList<ServedInterface> Choose(IReadOnlyList<ServedInterface> all, IReadOnlyList<string> names) =>
        names.Count == 0
            ? all
            :
            [
                .. names
                    .Select(name =>
                        all.FirstOrDefault(one => one.Name == name || one.Address.ToString() == name)
                        ?? throw new UserError(
                            $"No interface with an IPv4 address is named '{name}'.",
                            all.Count > 0
                                ? $"Take one of {string.Join(", ", all.Select(one => $"{one.Name} ({one.Address})"))}."
                                : "Bring an interface up and give it an address first.",
                            UserErrorKind.Input
                        )
                    )
                    .Distinct(),
            ];

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({Address}/{PrefixLength})";
}
