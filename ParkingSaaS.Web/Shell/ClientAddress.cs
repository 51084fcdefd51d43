using System.Net;
using System.Net.Sockets;

namespace ParkingSaaS.Web.Shell;

/// <summary>Whom an address stands for.</summary>
public static class ClientAddress
{
    const int NetworkBytes = 8;

    /// <summary>What requests from there are counted under: an IPv4 address whole; of IPv6 the first 64 bits, for whoever has one address
    /// of such a network has all. Empty where the address is not known.</summary>
    public static string Key(IPAddress? address)
    {
        if (address is null)
            return "";
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (address.AddressFamily is not AddressFamily.InterNetworkV6)
            return address.ToString();
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(NetworkBytes).Clear();
        return new IPAddress(bytes) + "/64";
    }
}
