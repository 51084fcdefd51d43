using System.Net;
using System.Text;
using ParkingSaaS.Core.Cluster;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Devices.Mqtt;

namespace ParkingSaaS.Devices;

/// <summary>What devices may do on the broker, and what becomes of what they say. The city is the one they signed in to; a
/// message is acknowledged when it is durable. Whoever runs the broker may sign in too, and read its figures.</summary>
public sealed class DevicePolicy(DeviceDoor door, OperatorSecret operators, DeviceStates states, DeviceReports reports,
    ConnectedDevices devices, DeviceLink link, WrongSecrets wrong, MqttBrokerOptions broker, TimeProvider clock, FaultLog faults, SecurityLog log) : IMqttPolicy
{
    /// <inheritdoc/>
    public async ValueTask<MqttAuthentication> AuthenticateAsync(MqttCredentials credentials, CancellationToken ct)
    {
        var from = (credentials.RemoteAddress as IPEndPoint)?.Address.ToString();
        var address = broker.KeyOf(credentials.RemoteAddress);
        if (credentials.UserName == OperatorSecret.UserName && wrong.Hears(address, OperatorSecret.UserName) && operators.Opens(credentials.Password.Span))
        {
            log.Write(SecurityEvent.DeviceSignedIn, null, from, OperatorSecret.UserName);
            return MqttAuthentication.Accept(new MqttIdentity(MqttBroker.OperatorSpace, OperatorSecret.UserName, credentials.ClientId));
        }
        var (device, reason) = await door.OpenAsync(new DeviceCredential(credentials.UserName ?? "", Encoding.UTF8.GetString(credentials.Password.Span),
            credentials.Certificate, from, address), ct);
        if (device is null || !devices.Add(device))
            return MqttAuthentication.Refuse(reason switch
            {
                DoorRefusal.TooOften => MqttReason.ConnectionRateExceeded,
                DoorRefusal.Unavailable => MqttReason.ServerUnavailable,
                _ => MqttReason.BadUserNameOrPassword
            });
        log.Write(SecurityEvent.DeviceSignedIn, device.City, from, device.Id.ToString());
        return MqttAuthentication.Accept(new MqttIdentity(device.City, device.Name, credentials.ClientId));
    }

    /// <inheritdoc/>
    public bool MayPublish(MqttIdentity identity, string topic) =>
        !IsOperator(identity) && topic.Length <= DeviceMessage.MaxTopic && devices.DialectOf(Of(identity)).MayPublish(identity.Name, topic);

    /// <inheritdoc/>
    public bool MaySubscribe(MqttIdentity identity, string filter) => IsOperator(identity)
        ? filter.StartsWith("$SYS/", StringComparison.Ordinal)
        : devices.DialectOf(Of(identity)).MaySubscribe(identity.Name, filter);

    static bool IsOperator(MqttIdentity identity) => identity.Space == MqttBroker.OperatorSpace;

    /// <inheritdoc/>
    public async ValueTask<MqttPublishOutcome> OnPublishAsync(MqttIdentity identity, MqttMessage message, CancellationToken ct)
    {
        var result = await reports.AcceptAsync(Of(identity), message.Topic, message.Payload, ct);
        return result.ErrorCode is { } error ? new MqttPublishOutcome(ReasonOf(error), Route: false) : MqttPublishOutcome.Handled;
    }

    static MqttReason ReasonOf(string error) => error switch
    {
        EventErrors.UnknownTopic => MqttReason.TopicNameInvalid,
        EventErrors.TooLarge => MqttReason.PacketTooLarge,
        EventErrors.NotBound => MqttReason.NotAuthorized,
        EventErrors.Failed => MqttReason.ImplementationSpecificError,
        _ => MqttReason.PayloadFormatInvalid
    };

    /// <inheritdoc/>
    public async ValueTask OnConnectedAsync(MqttIdentity identity, CancellationToken ct)
    {
        if (IsOperator(identity))
            return;
        var device = Of(identity);
        await states.SetAsync(device, online: true, "connected", ct);
        devices.Arrived(device);
        link.Greet(device, clock.GetUtcNow());
    }

    /// <inheritdoc/>
    public async ValueTask OnDisconnectedAsync(MqttIdentity identity, MqttReason reason, CancellationToken ct)
    {
        if (IsOperator(identity) || reason is MqttReason.SessionTakenOver || link.IsConnected(Of(identity)))
            return;
        try
        {
            await states.SetAsync(Of(identity), online: false, reason.ToString(), ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested && FaultLog.IsOfDatabase(e))
        {
            // The upkeep of devices finds it once the database is back.
            faults.Failed(identity.Space, "the state of devices", e);
        }
    }

    SignedInDevice Of(MqttIdentity identity) => devices.Get(identity.Space, identity.Name);
}
