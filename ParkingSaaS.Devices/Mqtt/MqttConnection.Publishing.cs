using Microsoft.Extensions.Logging;

namespace ParkingSaaS.Devices.Mqtt;

/// <summary>Messages from the client: handled concurrently, routed and acknowledged in their order.</summary>
internal sealed partial class MqttConnection
{
    private Queue<Publishing>? _publishing;
    private TaskCompletionSource? _turn;
    private Task _settling = Task.CompletedTask;
    private bool _isSettling;
    private bool _broken;
    private Dictionary<ushort, string>? _aliases;
    private int _unacknowledged;

    private readonly record struct Publishing(PublishPacket Packet, MqttMessage Message, ValueTask<MqttPublishOutcome> Outcome, bool Repeated);

    private async ValueTask PublishAsync(PublishPacket packet)
    {
        _broker.Metrics.Received();
        packet = ResolveAlias(packet);
        if (!packet.Properties.SubscriptionIds.IsEmpty)
            throw MqttProtocolException.Error("PUBLISH from a client with a subscription identifier");
        if (packet.Qos != MqttQos.AtMostOnce
            && Interlocked.Increment(ref _unacknowledged) > _broker.Options.ReceiveMaximum
            && _version == MqttVersion.V5)
        {
            throw new MqttProtocolException(MqttReason.ReceiveMaximumExceeded, "more unacknowledged messages than agreed");
        }

        await WaitForTurnAsync();
        var message = new MqttMessage(packet.Topic, packet.Payload, packet.Qos, packet.Retain, packet.Dup)
        {
            Properties = packet.Properties.TopicAlias is null ? packet.Properties : packet.Properties with { TopicAlias = null },
        };
        var first = packet.Qos == MqttQos.ExactlyOnce ? _session!.Receive(packet.PacketId) : null;
        await TakeAsync(new Publishing(packet, message, first is null ? Handle(packet, message) : Repeat(first), first is not null));
    }

    private async ValueTask WaitForTurnAsync()
    {
        if (_session!.Pace() is { Ticks: > 0 } pause)
        {
            _broker.Metrics.Slowed();
            await WaitForHostAsync(Task.Delay(pause, _broker.Time, _context.ConnectionClosed));
        }

        while (true)
        {
            Task turn;
            lock (_gate)
            {
                if (_closeReason is not null || (_publishing?.Count ?? 0) < _broker.Options.ReceiveMaximum)
                    return;
                _turn ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
                turn = _turn.Task;
            }

            await WaitForHostAsync(turn);
        }
    }

    // there is room again, or no need to wait
    private void Proceed()
    {
        TaskCompletionSource? turn;
        lock (_gate)
            (turn, _turn) = (_turn, null);
        turn?.SetResult();
    }

    // an exception of the host is to be found in the task, also one thrown at once
    private ValueTask<MqttPublishOutcome> Handle(PublishPacket packet, MqttMessage message)
    {
        if (!_broker.Policy.MayPublish(_session!.Identity, packet.Topic))
            return new(Denied(packet));
        try
        {
            return _broker.Policy.OnPublishAsync(_session.Identity, message, _broker.Disposed);
        }
        catch (Exception e)
        {
            return ValueTask.FromException<MqttPublishOutcome>(e);
        }
    }

    private static async ValueTask<MqttPublishOutcome> Repeat(Task<MqttReason> first) => new(await first, false);

    // 3.1.1 knows only the positive acknowledgement, which would be a lie: close instead
    private MqttPublishOutcome Denied(PublishPacket packet)
    {
        _broker.Metrics.Refused(MqttReason.NotAuthorized);
        _broker.Log.LogInformation(
            "MQTT {Space}/{Name} may not publish to {Topic}", _session!.Identity.Space, _session.Identity.Name, packet.Topic);
        if (_version == MqttVersion.V5)
            return new MqttPublishOutcome(MqttReason.NotAuthorized, false);
        if (packet.Qos == MqttQos.ExactlyOnce)
            _session.Received(packet.PacketId, MqttReason.NotAuthorized);
        throw new MqttProtocolException(MqttReason.NotAuthorized, "PUBLISH to a topic that is not the client's");
    }

    private PublishPacket ResolveAlias(PublishPacket packet)
    {
        if (packet.Properties.TopicAlias is not { } alias)
            return packet;
        if (alias > _broker.Options.TopicAliasMaximum)
            throw new MqttProtocolException(MqttReason.TopicAliasInvalid, "topic alias above the maximum");
        if (packet.Topic.Length > 0)
            (_aliases ??= [])[alias] = packet.Topic;
        return _aliases is not null && _aliases.TryGetValue(alias, out var topic)
            ? packet with { Topic = topic }
            : throw MqttProtocolException.Error("topic alias is not set");
    }

    private ValueTask TakeAsync(Publishing publishing)
    {
        lock (_gate)
        {
            // nothing to wait for: routed and acknowledged here and now
            if (_isSettling || !publishing.Outcome.IsCompletedSuccessfully || _space!.Journal is not null)
            {
                (_publishing ??= new()).Enqueue(publishing);
                if (!_isSettling)
                    _settling = Task.Run(SettleAsync);
                _isSettling = true;
                return default;
            }
        }

        return Settle(publishing, publishing.Outcome.Result) is { } reply ? _output.SendAsync(reply) : default;
    }

    private Task SettledAsync()
    {
        lock (_gate)
            return _settling;
    }

    /// <summary>Waits for the handlers in the order of the messages; routes and acknowledges in that order.</summary>
    private async Task SettleAsync()
    {
        List<PublishReplyPacket> replies = [];
        // at QoS 0 nobody waits for the store: we do, or it would get more than it takes
        var retained = 0;
        while (Next(out var publishing))
        {
            // what is routed meanwhile waits for the store together
            if (!publishing.Outcome.IsCompleted)
                await SendAsync(replies);
            try
            {
                var outcome = await publishing.Outcome;
                if (Settle(publishing, outcome) is { } reply)
                    replies.Add(reply);
            }
            catch (Exception e)
            {
                Fail(publishing, e);
            }

            Proceed();
            retained += publishing.Packet.Retain ? 1 : 0;
            if (Math.Max(replies.Count, retained) < _broker.Options.ReceiveMaximum && !IsLast)
                continue;
            if (retained > 0 && replies.Count == 0)
                await TryWrittenAsync();
            retained = 0;
            await SendAsync(replies);
        }
    }

    private bool IsLast
    {
        get
        {
            lock (_gate)
                return _publishing!.Count == 0;
        }
    }

    private bool Next(out Publishing publishing)
    {
        lock (_gate)
            return _isSettling = _publishing!.TryDequeue(out publishing);
    }

    private async ValueTask SendAsync(List<PublishReplyPacket> replies)
    {
        if (replies.Count == 0)
            return;
        if (await TryWrittenAsync())
        {
            foreach (var reply in replies)
                await _output.SendAsync(reply);
            _output.Wake();
        }

        replies.Clear();
    }

    private async Task<bool> TryWrittenAsync()
    {
        try
        {
            await _space!.WrittenAsync();
            return true;
        }
        catch (OperationCanceledException)
        {
            // the broker is gone
            return false;
        }
    }

    // after a failed one nothing is acknowledged: the order would be lost
    private PublishReplyPacket? Settle(Publishing publishing, MqttPublishOutcome outcome)
    {
        var (packet, message, _, repeated) = publishing;
        var (reason, route) = outcome;
        using (packet.Qos == MqttQos.ExactlyOnce && !repeated ? _space!.Journal?.Begin() : null)
        {
            if (route && reason < MqttReason.UnspecifiedError)
            {
                var routed = _space!.Route(message, _session, null);
                reason = reason == MqttReason.Success ? routed : reason;
            }

            if (packet.Qos == MqttQos.ExactlyOnce && !repeated)
                _session!.Received(packet.PacketId, reason);
        }

        if (packet.Qos == MqttQos.AtMostOnce || _broken)
            return null;
        // QoS 2: counts until the client has released the identifier
        if (packet.Qos == MqttQos.AtLeastOnce || reason >= MqttReason.UnspecifiedError)
            CountAcknowledged();
        return new PublishReplyPacket(
            packet.Qos == MqttQos.AtLeastOnce ? MqttPacketType.PubAck : MqttPacketType.PubRec, packet.PacketId, reason);
    }

    // the client may release what it sent on an earlier connection
    private void CountAcknowledged()
    {
        if (Interlocked.Decrement(ref _unacknowledged) < 0)
            Interlocked.Increment(ref _unacknowledged);
    }

    private void Fail(Publishing publishing, Exception e)
    {
        _broken = true;
        if (publishing is { Packet.Qos: MqttQos.ExactlyOnce, Repeated: false })
            _session!.NotReceived(publishing.Packet.PacketId, e);
        _broker.Log.LogError(
            e, "MQTT message of {Space}/{Name} was not handled", _session!.Identity.Space, _session.Identity.Name);
        Close(MqttReason.ImplementationSpecificError);
    }
}
