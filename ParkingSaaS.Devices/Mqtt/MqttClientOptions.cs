using System.Net.Security;

namespace ParkingSaaS.Devices.Mqtt;

/// <summary>How a client introduces itself.</summary>
public sealed record MqttClientOptions(string Host, int Port, string ClientId)
{
    public MqttVersion Version { get; init; } = MqttVersion.V5;

    public string? UserName { get; init; }

    public string? Password { get; init; }

    public bool CleanStart { get; init; } = true;

    /// <summary>The client pings by itself after this long without sending; zero is none.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long the session outlives the connection (5.0).</summary>
    public TimeSpan? SessionExpiry { get; init; }

    /// <summary>Null is plain TCP. Its <c>TargetHost</c> is the name that the broker's certificate must have.</summary>
    public SslClientAuthenticationOptions? Tls { get; init; }

    public MqttWill? Will { get; init; }

    /// <summary>How many messages the handler gets at a time.</summary>
    public int Concurrency { get; init; } = 1;

    /// <summary>How many messages the broker may have sent that are not acknowledged (5.0).</summary>
    public ushort? ReceiveMaximum { get; init; }

    public int MaxPacketSize { get; init; } = 1 << 20;

    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>The broker said no, or the connection is gone.</summary>
public sealed class MqttClientException(MqttReason reason, string message, Exception? inner = null) : IOException(message, inner)
{
    public MqttReason Reason { get; } = reason;
}
