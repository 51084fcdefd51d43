using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using ParkingSaaS.Core.Cluster;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Devices.Mqtt;

namespace ParkingSaaS.Devices;

/// <summary>Keeps the broker's sessions and retained messages in the database of their city, as the MQTT packets that made them.</summary>
/// <param name="states">The database.</param>
/// <param name="node">This node's name.</param>
public sealed class KeptSessions(BrokerStates states, NodeName node) : IMqttStore
{
    const string Session = "session", Message = "message ", Released = "released ", Received = "received ";

    // retained messages belong to no session
    const string NoOwner = "";

    const int LongestItem = 256;

    static readonly byte[] Nothing = [];

    /// <inheritdoc/>
    public Task SaveAsync(string space, IReadOnlyList<MqttChange> changes, CancellationToken ct) =>
        states.SaveAsync(space, node.Value, [.. changes.SelectMany(Write)], ct);

    static IEnumerable<BrokerChange> Write(MqttChange change) => change switch
    {
        MqttSessionKept c => [new(OwnerOf(c.Session), Session, Bytes(null, [SignIn(c), .. c.Subscriptions.Select(Subscribe)]))],
        MqttSessionEnded c => [new(OwnerOf(c.Session), null, null)],
        MqttMessageQueued c =>
        [
            new(OwnerOf(c.Session), Message + c.PacketId, Bytes(c.ExpiresAt, [Publish(c)])),
            new(OwnerOf(c.Session), Released + c.PacketId, c.Released ? Nothing : null)
        ],
        MqttMessageReleased c => [new(OwnerOf(c.Session), Released + c.PacketId, Nothing)],
        MqttMessageDone c =>
        [
            new(OwnerOf(c.Session), Message + c.PacketId, null),
            new(OwnerOf(c.Session), Released + c.PacketId, null)
        ],
        MqttIdReceived c => [new(OwnerOf(c.Session), Received + c.PacketId, Nothing)],
        MqttIdReleased c => [new(OwnerOf(c.Session), Received + c.PacketId, null)],
        MqttRetained { Message: var m } c => [new(NoOwner, ItemOf(m.Topic), m.Payload.IsEmpty ? null : Bytes(c.ExpiresAt,
            [new PublishPacket(m.Topic, m.Payload, m.Qos, true, false, AnyId(m.Qos)) { Properties = m.Properties }]))],
        _ => throw new ArgumentOutOfRangeException(nameof(change), change.GetType().Name)
    };

    // it is part of a key, whose length the database bounds; the topic itself stands in the packet
    static string ItemOf(string topic) =>
        topic.Length <= LongestItem ? topic : $"sha256 {Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(topic)))}";

    // a name has no slash, a client id may
    static string OwnerOf(MqttIdentity session) => $"{session.Name}/{session.ClientId}";

    static ConnectPacket SignIn(MqttSessionKept kept) => new(MqttVersion.V5, kept.Session.ClientId, false, 0)
    {
        Properties = new MqttProperties { SessionExpiry = (uint)kept.Expiry.TotalSeconds }
    };

    static SubscribePacket Subscribe(MqttKeptSubscription kept) => new(1, [kept.Subscription])
    {
        Properties = new MqttProperties { SubscriptionIds = kept.Id is { } id ? [id] : [] }
    };

    static PublishPacket Publish(MqttMessageQueued c) =>
        new(c.Message.Topic, c.Message.Payload, c.Qos, c.Retain, false, c.PacketId)
        {
            Properties = c.Message.Properties with { SubscriptionIds = [.. c.SubscriptionIds] }
        };

    static ushort AnyId(MqttQos qos) => qos == MqttQos.AtMostOnce ? (ushort)0 : (ushort)1;

    // eight bytes for the instant of expiry (0: never), then the packets
    static byte[] Bytes(DateTimeOffset? expiresAt, IEnumerable<MqttPacket> packets)
    {
        var buffer = new ArrayBufferWriter<byte>();
        BinaryPrimitives.WriteInt64BigEndian(buffer.GetSpan(8), expiresAt?.UtcTicks ?? 0);
        buffer.Advance(8);
        foreach (var packet in packets)
            MqttWriter.TryWrite(buffer, packet, MqttVersion.V5);
        return buffer.WrittenSpan.ToArray();
    }

    /// <inheritdoc/>
    public async Task<MqttKeptSpace> LoadAsync(string space, CancellationToken ct)
    {
        List<MqttSessionKept> sessions = [];
        List<MqttMessageQueued> messages = [];
        List<MqttIdReceived> received = [];
        List<MqttRetained> retained = [];
        HashSet<(MqttIdentity, ushort)> released = [];
        foreach (var piece in await states.LoadAsync(space, node.Value, ct))
        {
            if (piece.Owner == NoOwner)
            {
                var (packet, expiresAt) = ReadMessage(piece.Data);
                retained.Add(new MqttRetained(
                    new MqttMessage(packet.Topic, packet.Payload, packet.Qos, true) { Properties = packet.Properties }, expiresAt));
                continue;
            }
            var slash = piece.Owner.IndexOf('/');
            var session = new MqttIdentity(space, piece.Owner[..slash], piece.Owner[(slash + 1)..]);
            if (piece.Item == Session)
                sessions.Add(ReadSession(session, piece.Data));
            else if (IdOf(piece.Item, Message) is { } messageId)
                messages.Add(ReadQueued(session, messageId, piece.Data));
            else if (IdOf(piece.Item, Received) is { } receivedId)
                received.Add(new MqttIdReceived(session, receivedId));
            else if (IdOf(piece.Item, Released) is { } releasedId)
                released.Add((session, releasedId));
        }
        return new MqttKeptSpace(
            sessions, [.. messages.Select(m => m with { Released = released.Contains((m.Session, m.PacketId)) })], received, retained);
    }

    static ushort? IdOf(string item, string kind) =>
        item.StartsWith(kind, StringComparison.Ordinal) ? ushort.Parse(item.AsSpan(kind.Length), null) : null;

    static MqttSessionKept ReadSession(MqttIdentity session, byte[] data)
    {
        var (packets, _) = Read(data);
        return new MqttSessionKept(session, TimeSpan.FromSeconds(packets[0].Properties.SessionExpiry ?? 0),
        [
            .. packets.Skip(1).Cast<SubscribePacket>().Select(p => new MqttKeptSubscription(
                p.Subscriptions[0], p.Properties.SubscriptionIds is [var id] ? id : null))
        ]);
    }

    static MqttMessageQueued ReadQueued(MqttIdentity session, ushort packetId, byte[] data)
    {
        var (packet, expiresAt) = ReadMessage(data);
        return new MqttMessageQueued(session, packetId,
            new MqttMessage(packet.Topic, packet.Payload, packet.Qos, packet.Retain)
            {
                Properties = packet.Properties with { SubscriptionIds = [] }
            },
            packet.Qos, packet.Retain, packet.Properties.SubscriptionIds, expiresAt, Released: false);
    }

    static (PublishPacket Packet, DateTimeOffset? ExpiresAt) ReadMessage(byte[] data)
    {
        var (packets, expiresAt) = Read(data);
        return ((PublishPacket)packets[0], expiresAt);
    }

    static (List<MqttPacket> Packets, DateTimeOffset? ExpiresAt) Read(byte[] data)
    {
        var ticks = BinaryPrimitives.ReadInt64BigEndian(data);
        var rest = new ReadOnlySequence<byte>(data, 8, data.Length - 8);
        List<MqttPacket> packets = [];
        while (MqttReader.TryRead(ref rest, MqttVersion.V5, int.MaxValue, out var packet))
            packets.Add(packet);
        return (packets, ticks == 0 ? null : new DateTimeOffset(ticks, TimeSpan.Zero));
    }
}
