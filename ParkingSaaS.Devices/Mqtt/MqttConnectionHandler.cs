using Microsoft.AspNetCore.Connections;

namespace ParkingSaaS.Devices.Mqtt;

/// <summary>For Kestrel: <c>listen.UseConnectionHandler&lt;MqttConnectionHandler&gt;()</c>.</summary>
public sealed class MqttConnectionHandler(MqttBroker broker) : ConnectionHandler
{
    public override Task OnConnectedAsync(ConnectionContext connection) => broker.RunAsync(connection);
}
