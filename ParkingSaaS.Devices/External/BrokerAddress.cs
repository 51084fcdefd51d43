namespace ParkingSaaS.Devices.External;

/// <summary>Where a broker outside of the program listens, and who the platform is there; the setting <c>Devices:Broker</c>.</summary>
public sealed class BrokerAddress
{
    BrokerAddress(Uri uri)
    {
        var user = uri.UserInfo.Split(':', 2);
        (Host, Tls) = (uri.Host, uri.Scheme == "mqtts");
        Port = uri.Port > 0 ? uri.Port : Tls ? 8883 : 1883;
        UserName = user[0].Length > 0 ? Uri.UnescapeDataString(user[0]) : null;
        Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null;
    }

    public string Host { get; }

    public int Port { get; }

    /// <summary>Whether the connection is encrypted; the broker's certificate must then be one that the machine trusts.</summary>
    public bool Tls { get; }

    public string? UserName { get; }

    public string? Password { get; }

    /// <summary>Reads <c>mqtt://user:password@host:port</c> or <c>mqtts://…</c>; null where it is neither.</summary>
    public static BrokerAddress? TryParse(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri is { Scheme: "mqtt" or "mqtts", Host.Length: > 0, PathAndQuery: "" or "/" }
            ? new BrokerAddress(uri) : null;

    /// <summary>Without the password.</summary>
    public override string ToString() => $"{Host}:{Port}";
}
