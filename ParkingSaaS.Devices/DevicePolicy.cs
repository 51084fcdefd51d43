using System.Net;
using System.Text;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Devices.Mqtt;

namespace ParkingSaaS.Devices;

/// <summary>What devices may do on the broker, and what becomes of what they say. The city is the one they signed in to; a
/// message is acknowledged when it is durable. Whoever runs the broker may sign in too, and read its figures.</summary>
public sealed class DevicePolicy(DeviceSignIn signIn, OperatorSecret operators, DeviceStates states, DeviceReports reports,
    ConnectedDevices devices, DeviceLink link, CityDirectory cities, TimeProvider clock, SecurityLog log) : IMqttPolicy
{
    /// <inheritdoc/>
    public async ValueTask<MqttAuthentication> AuthenticateAsync(MqttCredentials credentials, CancellationToken ct)
    {
        var address = (credentials.RemoteAddress as IPEndPoint)?.Address.ToString();
        if (credentials.UserName == OperatorSecret.UserName && operators.Opens(credentials.Password.Span))
        {
            log.Write(SecurityEvent.DeviceSignedIn, null, address, OperatorSecret.UserName);
            return MqttAuthentication.Accept(new MqttIdentity(MqttBroker.OperatorSpace, OperatorSecret.UserName, credentials.ClientId));
        }
        var device = credentials.UserName is { Length: <= 128 } name
            ? await signIn.RunAsync(name, Encoding.UTF8.GetString(credentials.Password.Span), credentials.Certificate, ct)
            : null;
        if (device is null || !devices.Add(device))
        {
            // What was sent as a name may be anything; the city is told when there is one.
            log.Write(SecurityEvent.DeviceRefused, cities.Find(credentials.UserName?.Split('/')[0] ?? "")?.Code, address, device?.Id.ToString());
            return MqttAuthentication.Refuse(MqttReason.BadUserNameOrPassword);
        }
        log.Write(SecurityEvent.DeviceSignedIn, device.City, address, device.Id.ToString());
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
        return result.Outcome is EventOutcome.Refused
            ? new MqttPublishOutcome(ReasonOf(result.ErrorCode!), Route: false)
            : MqttPublishOutcome.Handled;
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
        if (!IsOperator(identity) && reason is not MqttReason.SessionTakenOver && !link.IsConnected(Of(identity)))
            await states.SetAsync(Of(identity), online: false, reason.ToString(), ct);
    }

    SignedInDevice Of(MqttIdentity identity) => devices.Get(identity.Space, identity.Name);
}
