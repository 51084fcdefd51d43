namespace ParkingSaaS.Core.Devices;

/// <summary>The dialects that devices can be added with.</summary>
public static class DeviceDialect
{
    /// <summary>Our own protocol, see <c>docs/device-protocol.md</c>; for every kind of device.</summary>
    public const string Standard = "standard";

    /// <summary>臻识 plate cameras.</summary>
    public const string Zhenshi = "zhenshi";

    /// <summary>The dialects that a kind of device may speak.</summary>
    public static IReadOnlyList<string> For(DeviceKind kind) =>
        kind is DeviceKind.EntryCamera or DeviceKind.ExitCamera ? [Standard, Zhenshi] : [Standard];

    /// <summary>Whether the dialect can tell a camera what its display shows.</summary>
    public static bool ShowsText(string dialect) => dialect == Standard;
}
