using System.Collections.Immutable;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace ParkingSaaS.Devices.Mqtt;

internal sealed partial class MqttConnection
{
    private readonly Channel<PendingPublish> _publishes = Channel.CreateUnbounded<PendingPublish>();
    private readonly SemaphoreSlim _slots;
    private readonly Dictionary<ushort, string> _aliases = [];
    private int _unacknowledged;

    private sealed record PendingPublish(PublishPacket Packet, MqttMessage Message, Task<MqttPublishOutcome> Outcome);

    private async ValueTask HandleAsync(MqttPacket packet)
    {
        if (_connect is null)
        {
            if (packet is not ConnectPacket first)
                throw MqttProtocolException.Error($"{packet.Type} before CONNECT");
            await ConnectAsync(first);
            return;
        }

        switch (packet)
        {
            case PublishPacket publish:
                await PublishAsync(publish);
                break;
            case PublishReplyPacket { Type: MqttPacketType.PubAck } reply:
                _session!.Acknowledge(this, reply.PacketId, reply.Reason < MqttReason.UnspecifiedError);
                break;
            case SubscribePacket subscribe:
                await SubscribeAsync(subscribe);
                break;
            case UnsubscribePacket unsubscribe:
                var results = unsubscribe.Filters.Select(f => _space!.Unsubscribe(_session!, f));
                await SendAsync(new UnsubAckPacket(unsubscribe.PacketId, [.. results]));
                break;
            case PingReqPacket:
                await SendAsync(new PingRespPacket());
                break;
            case DisconnectPacket disconnect:
                SayGoodbye(disconnect);
                break;
            default:
                throw MqttProtocolException.Error($"{packet.Type} from a client");
        }
    }

    private ValueTask SendAsync(MqttPacket packet) => _output.SendAsync(packet, _stopReading.Token);

    private async ValueTask ConnectAsync(ConnectPacket connect)
    {
        var v5 = connect.Version == MqttVersion.V5;
        var wishes = connect.Properties;
        _version = connect.Version;
        _output.Speak(_version, wishes.MaximumPacketSize ?? uint.MaxValue);
        var assigned = connect.ClientId.Length == 0 ? $"auto-{Guid.NewGuid():N}" : null;
        if (assigned is not null && !v5 && !connect.CleanStart)
        {
            await RefuseAsync(connect, MqttReason.ClientIdentifierNotValid);
            return;
        }

        if (wishes.AuthenticationMethod is not null)
        {
            await RefuseAsync(connect, MqttReason.BadAuthenticationMethod);
            return;
        }

        var authentication = await _broker.Policy.AuthenticateAsync(
            new MqttCredentials(
                assigned ?? connect.ClientId, connect.UserName, connect.Password ?? default,
                _context.Features.Get<ITlsConnectionFeature>()?.ClientCertificate, _context.RemoteEndPoint, _version),
            _stopReading.Token);
        if (authentication.Identity is not { } identity)
        {
            await RefuseAsync(connect, authentication.Reason);
            return;
        }

        if (connect.Will is { } will && (will.Qos == MqttQos.ExactlyOnce || !_broker.Policy.MayPublish(identity, will.Topic)))
        {
            await RefuseAsync(connect, will.Qos == MqttQos.ExactlyOnce ? MqttReason.QosNotSupported : MqttReason.NotAuthorized);
            return;
        }

        var expiry = SessionExpiry(v5, connect.CleanStart, wishes.SessionExpiry);
        var window = Math.Min(wishes.ReceiveMaximum ?? ushort.MaxValue, _broker.Options.MaxInflight);
        _space = _broker.Space(identity.Space);
        var session = _space.Attach(this, identity, connect.CleanStart, expiry, window, out var present, out var old);
        if (session is null)
        {
            await RefuseAsync(connect, MqttReason.QuotaExceeded);
            return;
        }

        old?.Close(MqttReason.SessionTakenOver);
        _session = session;
        _connect = connect;
        await _broker.Policy.OnConnectedAsync(identity, _broker.Disposed);
        // The device's state log keeps it; on the console a city's devices coming and going would bury all else.
        _broker.Log.LogDebug(
            "MQTT {Space}/{Name} connected from {Address}", identity.Space, identity.Name, _context.RemoteEndPoint);
        var keepAlive = v5 && (connect.KeepAlive == 0 || connect.KeepAlive > _broker.Options.MaxKeepAlive)
            ? _broker.Options.MaxKeepAlive
            : connect.KeepAlive;
        _keepAlive = TimeSpan.FromSeconds(keepAlive);
        await SendAsync(new ConnAckPacket(present, MqttReason.Success)
        {
            Properties = new MqttProperties
            {
                SessionExpiry = (uint)expiry.TotalSeconds == (wishes.SessionExpiry ?? 0) ? null : (uint)expiry.TotalSeconds,
                ReceiveMaximum = _broker.Options.ReceiveMaximum,
                MaximumQos = 1,
                MaximumPacketSize = (uint)_broker.Options.MaxPacketSize,
                AssignedClientId = assigned,
                TopicAliasMaximum = _broker.Options.TopicAliasMaximum,
                SharedSubscriptionAvailable = 0,
                ServerKeepAlive = keepAlive == connect.KeepAlive ? null : keepAlive,
            },
        });
        _accepted = true;
        _output.PullFrom(() => session.Next(this), id => session.Discard(this, id));
    }

    private TimeSpan SessionExpiry(bool v5, bool clean, uint? wish)
    {
        var most = _broker.Options.MaxSessionExpiry;
        if (!v5)
            return clean ? TimeSpan.Zero : most;
        return wish >= most.TotalSeconds ? most : TimeSpan.FromSeconds(wish ?? 0);
    }

    private async ValueTask RefuseAsync(ConnectPacket connect, MqttReason reason)
    {
        // anybody may send 64 KiB of it
        var user = connect.UserName is { Length: > 128 } name ? name[..128] : connect.UserName;
        _broker.Log.LogInformation("MQTT CONNECT of {User} from {Address} refused: {Reason}", user, _context.RemoteEndPoint, reason);
        _broker.Metrics.Refused(reason);
        await SendAsync(new ConnAckPacket(false, reason));
        Close(reason);
    }

    // a 3.1.1 client gets a CONNACK only where a return code exists
    private async ValueTask RefuseBrokenConnectAsync(MqttProtocolException e)
    {
        if (e.Version != MqttVersion.V5 && e.Reason != MqttReason.UnsupportedProtocolVersion)
            return;
        _output.Speak(e.Version ?? MqttVersion.V311, uint.MaxValue);
        await SendAsync(new ConnAckPacket(false, e.Reason));
    }

    private async ValueTask PublishAsync(PublishPacket packet)
    {
        _broker.Metrics.Received();
        packet = ResolveAlias(packet);
        if (packet.Qos == MqttQos.ExactlyOnce)
            throw new MqttProtocolException(MqttReason.QosNotSupported, "PUBLISH at QoS 2");
        if (!packet.Properties.SubscriptionIds.IsEmpty)
            throw MqttProtocolException.Error("PUBLISH from a client with a subscription identifier");
        if (packet.Qos == MqttQos.AtLeastOnce
            && Interlocked.Increment(ref _unacknowledged) > _broker.Options.ReceiveMaximum
            && _version == MqttVersion.V5)
        {
            throw new MqttProtocolException(MqttReason.ReceiveMaximumExceeded, "more unacknowledged messages than agreed");
        }

        var message = new MqttMessage(packet.Topic, packet.Payload, packet.Qos, packet.Retain, packet.Dup)
        {
            Properties = packet.Properties.TopicAlias is null ? packet.Properties : packet.Properties with { TopicAlias = null },
        };
        _waitsForHost = true;
        await _slots.WaitAsync(_stopReading.Token);
        _waitsForHost = false;
        var outcome = _broker.Policy.MayPublish(_session!.Identity, packet.Topic)
            ? HandleMessageAsync(message)
            : Task.FromResult(Denied(packet));
        _publishes.Writer.TryWrite(new PendingPublish(packet, message, outcome));
    }

    // an exception of the host is to be found in the task, also one thrown at once
    private async Task<MqttPublishOutcome> HandleMessageAsync(MqttMessage message) =>
        await _broker.Policy.OnPublishAsync(_session!.Identity, message, _broker.Disposed);

    // 3.1.1 knows only the positive acknowledgement, which would be a lie: close instead
    private MqttPublishOutcome Denied(PublishPacket packet)
    {
        _broker.Metrics.Refused(MqttReason.NotAuthorized);
        _broker.Log.LogInformation(
            "MQTT {Space}/{Name} may not publish to {Topic}", _session!.Identity.Space, _session.Identity.Name, packet.Topic);
        return _version == MqttVersion.V5
            ? new MqttPublishOutcome(MqttReason.NotAuthorized, false)
            : throw new MqttProtocolException(MqttReason.NotAuthorized, "PUBLISH to a topic that is not the client's");
    }

    private PublishPacket ResolveAlias(PublishPacket packet)
    {
        if (packet.Properties.TopicAlias is not { } alias)
            return packet;
        if (alias > _broker.Options.TopicAliasMaximum)
            throw new MqttProtocolException(MqttReason.TopicAliasInvalid, "topic alias above the maximum");
        if (packet.Topic.Length > 0)
            _aliases[alias] = packet.Topic;
        return _aliases.TryGetValue(alias, out var topic)
            ? packet with { Topic = topic }
            : throw MqttProtocolException.Error("topic alias is not set");
    }

    /// <summary>Waits for the handlers in the order of the messages; routes and acknowledges in that order.</summary>
    private async Task AcknowledgeInOrderAsync()
    {
        var broken = false;
        await foreach (var (packet, message, handling) in _publishes.Reader.ReadAllAsync())
        {
            try
            {
                var (reason, route) = await handling;
                if (route && reason < MqttReason.UnspecifiedError)
                {
                    var routed = _space!.Route(message, _session, null);
                    reason = reason == MqttReason.Success ? routed : reason;
                }

                // after a failed one nothing is acknowledged: the order would be lost
                if (packet.Qos == MqttQos.AtMostOnce || broken)
                    continue;
                Interlocked.Decrement(ref _unacknowledged);
                var reply = new PublishReplyPacket(MqttPacketType.PubAck, packet.PacketId, reason);
                await _output.SendAsync(reply, CancellationToken.None);
            }
            catch (Exception e)
            {
                broken = true;
                _broker.Log.LogError(
                    e, "MQTT message of {Space}/{Name} was not handled", _session!.Identity.Space, _session.Identity.Name);
                Close(MqttReason.ImplementationSpecificError);
            }
            finally
            {
                _slots.Release();
            }
        }
    }

    private async ValueTask SubscribeAsync(SubscribePacket packet)
    {
        var id = packet.Properties.SubscriptionIds is [var present] ? present : (uint?)null;
        var reasons = ImmutableArray.CreateBuilder<MqttReason>(packet.Subscriptions.Length);
        List<MqttSubscription> retained = [];
        foreach (var wish in packet.Subscriptions)
        {
            var subscription = wish with { Qos = wish.Qos > MqttQos.AtLeastOnce ? MqttQos.AtLeastOnce : wish.Qos };
            var isNew = false;
            var reason = Refusal(subscription.Filter) ?? _space!.Subscribe(_session!, subscription, id, out isNew);
            reasons.Add(reason);
            if (reason >= MqttReason.UnspecifiedError)
                _broker.Metrics.Refused(reason);
            else if (subscription.RetainHandling == 0 || (subscription.RetainHandling == 1 && isNew))
                retained.Add(subscription);
        }

        await SendAsync(new SubAckPacket(packet.PacketId, reasons.DrainToImmutable()));
        foreach (var subscription in retained)
            _space!.SendRetained(_session!, subscription, id);
    }

    private MqttReason? Refusal(string filter)
    {
        if (!MqttTopic.IsValidFilter(filter))
            return MqttReason.TopicFilterInvalid;
        if (filter.StartsWith("$share/", StringComparison.Ordinal))
            return MqttReason.SharedSubscriptionsNotSupported;
        return _broker.Policy.MaySubscribe(_session!.Identity, filter) ? null : MqttReason.NotAuthorized;
    }

    private void SayGoodbye(DisconnectPacket disconnect)
    {
        if (disconnect.Properties.SessionExpiry is { } expiry)
        {
            if (expiry > 0 && (_connect!.Properties.SessionExpiry ?? 0) == 0)
                throw MqttProtocolException.Error("DISCONNECT extends a session that had no expiry");
            _session!.Expiry = SessionExpiry(true, false, expiry);
        }

        _clientSaidGoodbye = true;
        Close(disconnect.Reason);
    }
}
