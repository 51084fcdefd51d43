namespace ParkingSaaS.Devices.Mqtt;

/// <summary>Reason codes of MQTT 5.0, section 2.4. Below 0x80 they mean success.</summary>
public enum MqttReason : byte
{
    /// <summary>Also "normal disconnection" and "granted QoS 0".</summary>
    Success = 0x00,
    GrantedQos1 = 0x01,
    GrantedQos2 = 0x02,
    DisconnectWithWill = 0x04,
    NoMatchingSubscribers = 0x10,
    NoSubscriptionExisted = 0x11,
    ContinueAuthentication = 0x18,
    ReAuthenticate = 0x19,
    UnspecifiedError = 0x80,
    MalformedPacket = 0x81,
    ProtocolError = 0x82,
    ImplementationSpecificError = 0x83,
    UnsupportedProtocolVersion = 0x84,
    ClientIdentifierNotValid = 0x85,
    BadUserNameOrPassword = 0x86,
    NotAuthorized = 0x87,
    ServerUnavailable = 0x88,
    ServerBusy = 0x89,
    Banned = 0x8A,
    ServerShuttingDown = 0x8B,
    BadAuthenticationMethod = 0x8C,
    KeepAliveTimeout = 0x8D,
    SessionTakenOver = 0x8E,
    TopicFilterInvalid = 0x8F,
    TopicNameInvalid = 0x90,
    PacketIdentifierInUse = 0x91,
    PacketIdentifierNotFound = 0x92,
    ReceiveMaximumExceeded = 0x93,
    TopicAliasInvalid = 0x94,
    PacketTooLarge = 0x95,
    MessageRateTooHigh = 0x96,
    QuotaExceeded = 0x97,
    AdministrativeAction = 0x98,
    PayloadFormatInvalid = 0x99,
    RetainNotSupported = 0x9A,
    QosNotSupported = 0x9B,
    UseAnotherServer = 0x9C,
    ServerMoved = 0x9D,
    SharedSubscriptionsNotSupported = 0x9E,
    ConnectionRateExceeded = 0x9F,
    MaximumConnectTime = 0xA0,
    SubscriptionIdentifiersNotSupported = 0xA1,
    WildcardSubscriptionsNotSupported = 0xA2,
}

/// <summary>Protocol levels as they stand in CONNECT.</summary>
public enum MqttVersion : byte
{
    V311 = 4,
    V5 = 5,
}

public enum MqttQos : byte
{
    AtMostOnce = 0,
    AtLeastOnce = 1,
    ExactlyOnce = 2,
}

/// <summary>Bytes that are no MQTT, or a packet that may not come here. <see cref="Reason"/> is what the peer is told.</summary>
/// <param name="reason">The 5.0 reason code.</param>
/// <param name="message">For the log: names no payload and no secret.</param>
/// <param name="version">The version a broken CONNECT asked for, when it got that far.</param>
public sealed class MqttProtocolException(MqttReason reason, string message, MqttVersion? version = null) : Exception(message)
{
    public MqttReason Reason { get; } = reason;

    public MqttVersion? Version { get; } = version;

    internal static MqttProtocolException Malformed(string message) => new(MqttReason.MalformedPacket, message);

    internal static MqttProtocolException Error(string message) => new(MqttReason.ProtocolError, message);
}
