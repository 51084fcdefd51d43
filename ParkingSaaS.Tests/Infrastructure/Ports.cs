using System.Net;
using System.Net.Sockets;

namespace ParkingSaaS.Tests.Infrastructure;

/// <summary>Ports for programs that cannot choose one by themselves.</summary>
static class Ports
{
    /// <summary>One that was free a moment ago. Somebody else may have it by the time that it is used: try again then.</summary>
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
