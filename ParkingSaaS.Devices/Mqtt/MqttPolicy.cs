using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace ParkingSaaS.Devices.Mqtt;

/// <summary>Who is at the other end, as the policy decided.</summary>
/// <param name="Space">Closed namespace (a city): topics, retained messages and sessions of two spaces never meet.</param>
/// <param name="Name">The device in that space. Sessions belong to it: two names may use the same client id.</param>
public sealed record MqttIdentity(string Space, string Name, string ClientId);

/// <param name="ClientId">Never empty: the broker assigns one where the client may leave it out.</param>
/// <param name="Certificate">
/// What the client showed over TLS, and whose key it has. Nothing else is checked: neither who issued it nor its validity.
/// </param>
public sealed record MqttCredentials(
    string ClientId, string? UserName, ReadOnlyMemory<byte> Password, X509Certificate2? Certificate, EndPoint? RemoteAddress,
    MqttVersion Version);

/// <summary>Either an identity or the reason of the refusal.</summary>
public readonly record struct MqttAuthentication
{
    public MqttIdentity? Identity { get; private init; }

    public MqttReason Reason { get; private init; }

    public static MqttAuthentication Accept(MqttIdentity identity) => new() { Identity = identity };

    /// <param name="reason">Such as <see cref="MqttReason.BadUserNameOrPassword"/>; 3.1.1 has corresponding codes.</param>
    public static MqttAuthentication Refuse(MqttReason reason) => new() { Reason = reason };
}

/// <summary>An application message.</summary>
/// <param name="Dup">The sender repeats: an earlier attempt may have been handled.</param>
public sealed record MqttMessage(
    string Topic, ReadOnlyMemory<byte> Payload, MqttQos Qos = MqttQos.AtMostOnce, bool Retain = false, bool Dup = false)
{
    public MqttProperties Properties { get; init; } = MqttProperties.None;

    /// <summary>It is the will of a client whose connection broke.</summary>
    public bool IsWill { get; init; }
}

/// <param name="Reason">Goes into the PUBACK (5.0); from 0x80 on the message is neither routed nor retained.</param>
/// <param name="Route">Whether subscribers of the space get it too.</param>
public readonly record struct MqttPublishOutcome(MqttReason Reason, bool Route)
{
    /// <summary>The host took it and nobody else needs it.</summary>
    public static readonly MqttPublishOutcome Handled = new(MqttReason.Success, false);

    /// <summary>Subscribers of the space get it.</summary>
    public static readonly MqttPublishOutcome Routed = new(MqttReason.Success, true);
}

/// <summary>What the host decides and does. All methods are called concurrently.</summary>
public interface IMqttPolicy
{
    ValueTask<MqttAuthentication> AuthenticateAsync(MqttCredentials credentials, CancellationToken ct);

    /// <summary>Also asked about a will when its owner connects.</summary>
    bool MayPublish(MqttIdentity identity, string topic);

    bool MaySubscribe(MqttIdentity identity, string filter);

    /// <summary>
    /// Handles a message. The PUBACK leaves only when this has completed, so complete when it is durable. Throwing closes
    /// the connection without an acknowledgement, and the device repeats. Messages of one connection begin in order and run
    /// concurrently.
    /// </summary>
    /// <param name="ct">Set when the broker is disposed of, not when the sender goes.</param>
    ValueTask<MqttPublishOutcome> OnPublishAsync(MqttIdentity identity, MqttMessage message, CancellationToken ct);

    /// <summary>Before the CONNACK, so before any message of this connection.</summary>
    ValueTask OnConnectedAsync(MqttIdentity identity, CancellationToken ct);

    /// <summary>
    /// When a client comes back at once this may follow the <see cref="OnConnectedAsync"/> of its next connection;
    /// <see cref="MqttBroker.IsConnected"/> says what holds now.
    /// </summary>
    /// <param name="reason">
    /// <see cref="MqttReason.Success"/> after DISCONNECT; <see cref="MqttReason.UnspecifiedError"/> when the network broke;
    /// <see cref="MqttReason.SessionTakenOver"/> when the same client is connected anew, so it is not gone.
    /// </param>
    ValueTask OnDisconnectedAsync(MqttIdentity identity, MqttReason reason, CancellationToken ct);
}
