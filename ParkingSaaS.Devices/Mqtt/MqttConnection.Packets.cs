using System.Collections.Immutable;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace ParkingSaaS.Devices.Mqtt;

internal sealed partial class MqttConnection
{
    private ValueTask HandleAsync(MqttPacket packet)
    {
        if (_session is null)
        {
            return packet is ConnectPacket first
                ? ConnectAsync(first)
                : throw MqttProtocolException.Error($"{packet.Type} before CONNECT");
        }

        switch (packet)
        {
            case PublishPacket publish:
                return PublishAsync(publish);
            case PublishReplyPacket { Type: MqttPacketType.PubAck or MqttPacketType.PubComp } reply:
                _session.Answer(this, reply);
                return default;
            case PublishReplyPacket { Type: MqttPacketType.PubRec } reply:
                return AnswerReceivedAsync(reply);
            case PublishReplyPacket release:
                return ReleaseAsync(release);
            case SubscribePacket subscribe:
                return SubscribeAsync(subscribe);
            case UnsubscribePacket unsubscribe:
                return UnsubscribeAsync(unsubscribe);
            case PingReqPacket:
                return _output.SendAsync(new PingRespPacket());
            case DisconnectPacket disconnect:
                SayGoodbye(disconnect);
                return default;
            default:
                throw MqttProtocolException.Error($"{packet.Type} from a client");
        }
    }

    private async ValueTask ConnectAsync(ConnectPacket connect)
    {
        var v5 = connect.Version == MqttVersion.V5;
        var wishes = connect.Properties;
        _version = connect.Version;
        _output.Speak(_version, wishes);
        var assigned = connect.ClientId.Length == 0 ? $"auto-{Guid.NewGuid():N}" : null;
        if ((assigned is not null && !v5 && !connect.CleanStart)
            || Encoding.UTF8.GetByteCount(connect.ClientId) > _broker.Options.MaxClientId)
        {
            await RefuseAsync(connect, MqttReason.ClientIdentifierNotValid);
            return;
        }

        if (wishes.AuthenticationMethod is not null)
        {
            await RefuseAsync(connect, MqttReason.BadAuthenticationMethod);
            return;
        }

        _waitsForHost = true;
        using var turn = await _broker.ConnectTurnAsync(_context.ConnectionClosed);
        if (!turn.IsAcquired)
        {
            await RefuseAsync(connect, MqttReason.ConnectionRateExceeded);
            return;
        }

        var authentication = await _broker.Policy.AuthenticateAsync(
            new MqttCredentials(
                assigned ?? connect.ClientId, connect.UserName, connect.Password ?? default,
                _context.Features.Get<ITlsConnectionFeature>()?.ClientCertificate, _context.RemoteEndPoint, _version),
            _context.ConnectionClosed);
        if (authentication.Identity is not { } identity)
        {
            await RefuseAsync(connect, authentication.Reason);
            return;
        }

        if (connect.Will is { } will && !_broker.Policy.MayPublish(identity, will.Topic))
        {
            await RefuseAsync(connect, MqttReason.NotAuthorized);
            return;
        }

        var expiry = SessionExpiry(v5, connect.CleanStart, wishes.SessionExpiry);
        var window = Math.Min(wishes.ReceiveMaximum ?? ushort.MaxValue, _broker.Options.MaxInflight);
        _space = await _broker.SpaceAsync(identity.Space);
        var session = _space.Attach(this, identity, connect.CleanStart, expiry, window, out var present, out var old);
        if (session is null)
        {
            await RefuseAsync(connect, MqttReason.QuotaExceeded);
            return;
        }

        old?.Close(MqttReason.SessionTakenOver);
        _session = session;
        _will = connect.Will;
        _mayExtend = wishes.SessionExpiry > 0;
        await _broker.Policy.OnConnectedAsync(identity, _broker.Disposed);
        // The device's state log keeps it; on the console a city's devices coming and going would bury all else.
        _broker.Log.LogDebug(
            "MQTT {Space}/{Name} connected from {Address}", identity.Space, identity.Name, _context.RemoteEndPoint);
        var keepAlive = v5 && (connect.KeepAlive == 0 || connect.KeepAlive > _broker.Options.MaxKeepAlive)
            ? _broker.Options.MaxKeepAlive
            : connect.KeepAlive;
        _keepAlive = TimeSpan.FromSeconds(keepAlive);
        await _output.SendAsync(new ConnAckPacket(present, MqttReason.Success)
        {
            Properties = new MqttProperties
            {
                SessionExpiry = (uint)expiry.TotalSeconds == (wishes.SessionExpiry ?? 0) ? null : (uint)expiry.TotalSeconds,
                ReceiveMaximum = _broker.Options.ReceiveMaximum,
                MaximumPacketSize = (uint)_broker.Options.MaxPacketSize,
                AssignedClientId = assigned,
                TopicAliasMaximum = _broker.Options.TopicAliasMaximum,
                ServerKeepAlive = keepAlive == connect.KeepAlive ? null : keepAlive,
            },
        });
        Interlocked.Exchange(ref _lastPacket, _broker.Time.GetTimestamp());
        _accepted = true;
        _waitsForHost = false;
        _output.PullFrom(session);
    }

    // meanwhile nothing is read, and what the client sent to show that it is there is not seen
    private async ValueTask WaitForHostAsync(Task task)
    {
        _waitsForHost = true;
        await task;
        Interlocked.Exchange(ref _lastPacket, _broker.Time.GetTimestamp());
        _waitsForHost = false;
    }

    private ValueTask WrittenAsync() => WaitForHostAsync(_space!.WrittenAsync());

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
        // who is told to wait may ask a thousand times a second; the figures count it
        _broker.Log.Log(
            reason is MqttReason.ConnectionRateExceeded or MqttReason.ServerUnavailable ? LogLevel.Debug : LogLevel.Information,
            "MQTT CONNECT of {User} from {Address} refused: {Reason}", user, _context.RemoteEndPoint, reason);
        _broker.Metrics.Refused(reason);
        await _output.SendAsync(new ConnAckPacket(false, reason));
        Close(reason);
    }

    // a 3.1.1 client gets a CONNACK only where a return code exists
    private async ValueTask RefuseBrokenConnectAsync(MqttProtocolException e)
    {
        if (e.Version != MqttVersion.V5 && e.Reason != MqttReason.UnsupportedProtocolVersion)
            return;
        _output.Speak(e.Version ?? MqttVersion.V311, MqttProperties.None);
        await _output.SendAsync(new ConnAckPacket(false, e.Reason));
    }

    // PUBREL is sent once it is durable that the client has the message: sending that again would double it
    private async ValueTask AnswerReceivedAsync(PublishReplyPacket received)
    {
        var known = _session!.Answer(this, received);
        await WrittenAsync();
        if (received.Reason < MqttReason.UnspecifiedError)
            await _output.SendAsync(new PublishReplyPacket(
                MqttPacketType.PubRel, received.PacketId, known ? MqttReason.Success : MqttReason.PacketIdentifierNotFound));
    }

    // PUBCOMP is sent once it is durable that the identifier is free: the client may use it for another message
    private async ValueTask ReleaseAsync(PublishReplyPacket release)
    {
        var known = _session!.Release(release.PacketId);
        await WrittenAsync();
        if (known)
            CountAcknowledged();
        await _output.SendAsync(new PublishReplyPacket(
            MqttPacketType.PubComp, release.PacketId, known ? MqttReason.Success : MqttReason.PacketIdentifierNotFound));
    }

    private async ValueTask SubscribeAsync(SubscribePacket packet)
    {
        var id = packet.Properties.SubscriptionIds is [var present] ? present : (uint?)null;
        var reasons = ImmutableArray.CreateBuilder<MqttReason>(packet.Subscriptions.Length);
        List<MqttSubscription> retained = [];
        foreach (var subscription in packet.Subscriptions)
        {
            var isNew = false;
            var reason = Refusal(subscription, out var isShared) ?? _space!.Subscribe(_session!, subscription, id, out isNew);
            reasons.Add(reason);
            if (reason >= MqttReason.UnspecifiedError)
                _broker.Metrics.Refused(reason);
            else if (!isShared && (subscription.RetainHandling == 0 || (subscription.RetainHandling == 1 && isNew)))
                retained.Add(subscription);
        }

        _space!.KeepSubscriptions(_session!);
        await WrittenAsync();
        await _output.SendAsync(new SubAckPacket(packet.PacketId, reasons.DrainToImmutable()));
        foreach (var subscription in retained)
            _space.SendRetained(_session!, subscription, id);
    }

    private MqttReason? Refusal(MqttSubscription subscription, out bool isShared)
    {
        var valid = MqttTopic.TrySplitShare(subscription.Filter, out var group, out var filter) && MqttTopic.IsValidFilter(filter);
        isShared = group is not null;
        if (!valid)
            return MqttReason.TopicFilterInvalid;
        if (isShared && subscription.NoLocal)
            throw MqttProtocolException.Error("no local on a shared subscription");
        return _broker.Policy.MaySubscribe(_session!.Identity, filter) ? null : MqttReason.NotAuthorized;
    }

    private async ValueTask UnsubscribeAsync(UnsubscribePacket packet)
    {
        MqttReason[] reasons = [.. packet.Filters.Select(f =>
            MqttTopic.IsValidFilter(f) ? _space!.Unsubscribe(_session!, f) : MqttReason.TopicFilterInvalid)];
        _space!.KeepSubscriptions(_session!);
        await WrittenAsync();
        await _output.SendAsync(new UnsubAckPacket(packet.PacketId, [.. reasons]));
    }

    private void SayGoodbye(DisconnectPacket disconnect)
    {
        // the others are the server's: with one of them a client would pass for taken over, or stopped by us
        if (disconnect.Reason is not (MqttReason.Success or MqttReason.DisconnectWithWill or MqttReason.UnspecifiedError
            or MqttReason.MalformedPacket or MqttReason.ProtocolError or MqttReason.ImplementationSpecificError
            or MqttReason.TopicNameInvalid or MqttReason.ReceiveMaximumExceeded or MqttReason.TopicAliasInvalid
            or MqttReason.PacketTooLarge or MqttReason.MessageRateTooHigh or MqttReason.QuotaExceeded
            or MqttReason.AdministrativeAction or MqttReason.PayloadFormatInvalid))
        {
            throw MqttProtocolException.Error($"DISCONNECT of a client with reason {disconnect.Reason}");
        }

        if (disconnect.Properties.SessionExpiry is { } expiry)
        {
            if (expiry > 0 && !_mayExtend)
                throw MqttProtocolException.Error("DISCONNECT extends a session that had no expiry");
            _space!.ChangeExpiry(_session!, SessionExpiry(true, false, expiry));
        }

        _clientSaidGoodbye = true;
        Close(disconnect.Reason);
    }
}
