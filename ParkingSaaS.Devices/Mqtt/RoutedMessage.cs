namespace ParkingSaaS.Devices.Mqtt;

/// <summary>A message on its way to subscribers.</summary>
/// <param name="ExpiresAt">From then on nobody gets it.</param>
internal sealed record RoutedMessage(MqttMessage Message, DateTimeOffset? ExpiresAt)
{
    /// <summary>What counts towards the bounds: a property takes as much room as a payload.</summary>
    public int Bytes { get; } = Message.Topic.Length + Message.Payload.Length + BytesOf(Message.Properties);

    private static int BytesOf(MqttProperties p) => ReferenceEquals(p, MqttProperties.None) ? 0
        : (p.ContentType?.Length ?? 0) + (p.ResponseTopic?.Length ?? 0) + (p.CorrelationData?.Length ?? 0)
            + p.User.Sum(u => BytesOfPair + u.Key.Length + u.Value.Length);

    // two references, also where there is nothing in it
    private const int BytesOfPair = 16;
}

/// <summary>A message on its way to one subscriber.</summary>
/// <param name="routed">The message.</param>
/// <param name="packetId">Under which it is sent, and sent again; 0 at QoS 0.</param>
/// <param name="qos">The lower of the message's and the subscription's.</param>
/// <param name="retain">The flag that this subscriber sees.</param>
/// <param name="subscriptionIds">Of the subscriptions that matched.</param>
internal sealed class OutboundMessage(RoutedMessage routed, ushort packetId, MqttQos qos, bool retain, uint[] subscriptionIds)
{
    public RoutedMessage Routed => routed;

    public ushort PacketId => packetId;

    public MqttQos Qos => qos;

    public bool Retain => retain;

    public uint[] SubscriptionIds => subscriptionIds;

    /// <summary>May have been sent before: on an earlier connection, or before the broker was started.</summary>
    public bool Repeated { get; set; }

    /// <summary>QoS 2: the client has it (PUBREC), and is only told that it may forget the identifier.</summary>
    public bool Released { get; set; }

    /// <summary>The shared subscription for which it is here; another member may get it instead.</summary>
    public SharedGroup? Group { get; init; }

    /// <summary>Told what becomes of it.</summary>
    public MqttDelivery? Delivery { get; set; }

    public void GiveUp()
    {
        Delivery?.GiveUp();
        Delivery = null;
    }

    public MqttPacket Packet(DateTimeOffset now)
    {
        if (Released)
            return new PublishReplyPacket(MqttPacketType.PubRel, packetId);
        var message = routed.Message;
        var properties = message.Properties;
        if (routed.ExpiresAt is { } at)
            properties = properties with { MessageExpiry = (uint)Math.Max(1, (at - now).TotalSeconds) };
        if (subscriptionIds.Length > 0)
            properties = properties with { SubscriptionIds = [.. subscriptionIds] };
        return new PublishPacket(message.Topic, message.Payload, qos, retain, Repeated, packetId) { Properties = properties };
    }
}
