using System.Collections.Immutable;

namespace ParkingSaaS.Devices.Mqtt;

/// <summary>Properties of MQTT 5.0, section 2.2.2.2; null or empty means absent. Durations are seconds.</summary>
public sealed record MqttProperties
{
    public static readonly MqttProperties None = new();

    /// <summary>0: bytes, 1: UTF-8 text.</summary>
    public byte? PayloadFormat { get; init; }

    public uint? MessageExpiry { get; init; }

    public string? ContentType { get; init; }

    public string? ResponseTopic { get; init; }

    public ReadOnlyMemory<byte>? CorrelationData { get; init; }

    /// <summary>One in SUBSCRIBE; in PUBLISH one for each subscription that matched.</summary>
    public ImmutableArray<uint> SubscriptionIds { get; init; } = [];

    /// <summary>0xFFFFFFFF: never.</summary>
    public uint? SessionExpiry { get; init; }

    public string? AssignedClientId { get; init; }

    public ushort? ServerKeepAlive { get; init; }

    public string? AuthenticationMethod { get; init; }

    public ReadOnlyMemory<byte>? AuthenticationData { get; init; }

    public byte? RequestProblemInformation { get; init; }

    public uint? WillDelay { get; init; }

    public byte? RequestResponseInformation { get; init; }

    public string? ResponseInformation { get; init; }

    public string? ServerReference { get; init; }

    public string? ReasonString { get; init; }

    public ushort? ReceiveMaximum { get; init; }

    public ushort? TopicAliasMaximum { get; init; }

    public ushort? TopicAlias { get; init; }

    public byte? MaximumQos { get; init; }

    public byte? RetainAvailable { get; init; }

    public ImmutableArray<KeyValuePair<string, string>> User { get; init; } = [];

    /// <summary>Bytes.</summary>
    public uint? MaximumPacketSize { get; init; }

    public byte? WildcardSubscriptionAvailable { get; init; }

    public byte? SubscriptionIdsAvailable { get; init; }

    public byte? SharedSubscriptionAvailable { get; init; }
}
