using System.IO.Pipelines;
using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ParkingSaaS.Devices.Mqtt;

/// <summary>MQTT inside a WebSocket (section 6 of MQTT 5.0).</summary>
public static class MqttWebSocket
{
    private const string Protocol = "mqtt";

    /// <summary>Lets clients in at that address.</summary>
    /// <param name="origins">
    /// Pages of these origins, such as <c>https://map.example.org</c>, may connect, besides those of the same host. A client that
    /// names no origin is no browser, and may too.
    /// </param>
    public static IEndpointConventionBuilder MapMqtt(this IEndpointRouteBuilder routes, string pattern, IReadOnlyCollection<string> origins)
    {
        var broker = routes.ServiceProvider.GetRequiredService<MqttBroker>();
        var app = routes.CreateApplicationBuilder();
        app.UseWebSockets();
        app.Run(http => ServeAsync(http, broker, origins));
        return routes.Map(pattern, app.Build());
    }

    private static async Task ServeAsync(HttpContext http, MqttBroker broker, IReadOnlyCollection<string> origins)
    {
        if (!http.WebSockets.WebSocketRequestedProtocols.Contains(Protocol))
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        var remote = new IPEndPoint(http.Connection.RemoteIpAddress ?? IPAddress.None, http.Connection.RemotePort);
        if (!MayCome(http.Request.Headers.Origin.ToString(), http.Request.Host, origins))
        {
            broker.Log.LogInformation("MQTT {Address}: a page of a foreign origin was refused", remote);
            http.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        // A radio link may stand still for a while; the broker has its own timeouts.
        if (http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } sent)
            sent.MinDataRate = null;
        if (http.Features.Get<IHttpMinResponseDataRateFeature>() is { } taken)
            taken.MinDataRate = null;
        using var socket = await http.WebSockets.AcceptWebSocketAsync(Protocol);
        await new MqttWebSocketConnection(http, socket, remote, broker).RunAsync();
    }

    /// <summary>
    /// Whether a page of that origin is one of this host or of those allowed; an empty origin is no page's. The scheme is not
    /// compared: before the proxy it is https, behind it http.
    /// </summary>
    public static bool MayCome(string origin, HostString host, IReadOnlyCollection<string> origins) =>
        origin.Length == 0
        || (Uri.TryCreate(origin, UriKind.Absolute, out var uri)
            && (uri.Authority.Equals(host.Value, StringComparison.OrdinalIgnoreCase)
                || origins.Contains(origin, StringComparer.OrdinalIgnoreCase)));
}

/// <summary>The pipes between a WebSocket and the broker.</summary>
internal sealed class MqttWebSocketConnection
{
    private readonly HttpContext _http;
    private readonly WebSocket _socket;
    private readonly MqttBroker _broker;

    // Not a stream over the socket: a read that is given up would abort the WebSocket, and the goodbye with it.
    private readonly Pipe _input = new();
    private readonly Pipe _output = new();
    private readonly DefaultConnectionContext _context;
    private volatile bool _foreign;

    public MqttWebSocketConnection(HttpContext http, WebSocket socket, IPEndPoint remote, MqttBroker broker)
    {
        (_http, _socket, _broker) = (http, socket, broker);
        _context = new DefaultConnectionContext(
            http.Connection.Id, new Duplex(_input.Reader, _output.Writer), new Duplex(_output.Reader, _input.Writer))
        {
            RemoteEndPoint = remote,
        };
    }

    public async Task RunAsync()
    {
        await using var aborted = _context.ConnectionClosed.Register(_http.Abort);
        await using var lost = _http.RequestAborted.Register(_context.Abort);
        var receiving = ReceiveAsync();
        var sending = SendAsync();
        await _broker.RunAsync(_context);
        await _output.Writer.CompleteAsync();
        await _input.Reader.CompleteAsync();
        await sending;
        await CloseAsync(receiving);
    }

    /// <summary>Until the client closes, or sends text, which is no MQTT.</summary>
    private async Task ReceiveAsync()
    {
        try
        {
            while (await _socket.ReceiveAsync(_input.Writer.GetMemory(), CancellationToken.None)
                is { MessageType: WebSocketMessageType.Binary } frame)
            {
                _input.Writer.Advance(frame.Count);
                await _input.Writer.FlushAsync();
            }

            _foreign = _socket.State is WebSocketState.Open;
        }
        catch (Exception e) when (IsBroken(e))
        {
            // the network broke
        }
        finally
        {
            await _input.Writer.CompleteAsync();
        }
    }

    private async Task SendAsync()
    {
        try
        {
            while (true)
            {
                var result = await _output.Reader.ReadAsync();
                foreach (var part in result.Buffer)
                    await _socket.SendAsync(part, WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
                _output.Reader.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                    return;
            }
        }
        catch (Exception e) when (IsBroken(e))
        {
            // the network broke
        }
        finally
        {
            await _output.Reader.CompleteAsync();
        }
    }

    /// <summary>Says goodbye, and waits a moment for the other side's: without that it may lose ours.</summary>
    private async Task CloseAsync(Task receiving)
    {
        using var enough = new CancellationTokenSource(_broker.Options.CloseTimeout, _broker.Time);
        var status = _foreign ? WebSocketCloseStatus.InvalidMessageType
            : _broker.IsStopping ? WebSocketCloseStatus.EndpointUnavailable
            : WebSocketCloseStatus.NormalClosure;
        try
        {
            await _socket.CloseOutputAsync(status, null, enough.Token);
            await receiving.WaitAsync(enough.Token);
            var rest = new byte[1024];
            while (_socket.State is WebSocketState.CloseSent)
                await _socket.ReceiveAsync(rest.AsMemory(), enough.Token);
        }
        catch (Exception e) when (IsBroken(e))
        {
            _http.Abort();
        }

        await receiving;
    }

    private static bool IsBroken(Exception e) => e is WebSocketException or OperationCanceledException;

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
