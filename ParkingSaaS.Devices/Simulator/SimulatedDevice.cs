using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using MQTTnet;
using MQTTnet.Protocol;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Devices.Mqtt;

namespace ParkingSaaS.Devices.Simulator;

/// <summary>One device on a real connection. It comes back when it is cut off, repeats what was not acknowledged, answers
/// commands and beats.</summary>
sealed class SimulatedDevice
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(30);
    static readonly TimeSpan Beat = TimeSpan.FromSeconds(60);

    static readonly HttpClient pages = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(10) };

    readonly SemaphoreSlim connecting = new(1);
    readonly IMqttClient client = MqttClients.Create();
    readonly SimulatedDevicePlan plan;
    readonly SimulationOptions options;
    readonly TimeProvider clock;
    readonly ILogger log;

    public SimulatedDevice(SimulatedDevicePlan plan, SimulationOptions options, TimeProvider clock, ILogger log)
    {
        (this.plan, this.options, this.clock, this.log) = (plan, options, clock, log);
        client.ApplicationMessageReceivedAsync += received =>
        {
            Answer(received.ApplicationMessage);
            return Task.CompletedTask;
        };
    }

    public SimulatedDevicePlan Plan => plan;

    /// <summary>Keeps the device on line and beating until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var random = new Random(plan.Name.Length + options.Seed);
        while (!ct.IsCancellationRequested)
        {
            if (plan.Dialect == "standard")
                await SendAsync($"v1/{plan.Name}/up/heartbeat", new
                {
                    id = NewId(),
                    at = clock.GetUtcNow(),
                    battery = random.Next(70, 101),
                    signal = -random.Next(50, 90),
                    faults = Array.Empty<string>(),
                    version = "2.4.1"
                }, ct);
            else
                await SendAsync($"{plan.Name}/device/message/up/keep_alive", new { timestamp = clock.GetUtcNow().ToUnixTimeSeconds() }, ct);
            await Task.Delay(Beat, clock, ct);
        }
    }

    /// <summary>A car passes the camera, which takes a picture of every fourth.</summary>
    /// <param name="plate">As read; null when none was.</param>
    /// <param name="colour">The plate's colour.</param>
    /// <param name="at">When.</param>
    /// <param name="replay">Told later than it happened.</param>
    /// <param name="ct">Stops repeating.</param>
    public async Task PassageAsync(string? plate, string colour, DateTimeOffset at, bool replay, CancellationToken ct)
    {
        string[] images = plan.Dialect == DeviceDialect.Standard && plate is not null && plate.Sum(c => c) % 4 == 0
            ? await PhotographAsync(plate, colour, ct) : [];
        await SendAsync(SimulatedMessage.Passage(plan.Dialect, plan.Name, NewId(), plate, colour, at, replay, clock.GetUtcNow(), images), ct);
    }

    /// <summary>Uploads a picture of the car, and answers its name; nothing where that does not work, for a car does not wait for it.</summary>
    async Task<string[]> PhotographAsync(string plate, string colour, CancellationToken ct)
    {
        if (options.Pages is null)
            return [];
        var name = NewId() + ".png";
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, new Uri(options.Pages, $"{plan.UserName.Split('/')[0]}/devices/pictures/{name}"));
            request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{plan.UserName}:{plan.Secret}")));
            request.Content = new ByteArrayContent(SimulatedPicture.Draw(plate, colour == "green"));
            using var answer = await pages.SendAsync(request, ct);
            answer.EnsureSuccessStatusCode();
            return [name];
        }
        catch (Exception e) when (!ct.IsCancellationRequested && e is HttpRequestException or OperationCanceledException)
        {
            log.LogInformation("The picture of simulated device {Device} was not taken: {Reason}", plan.UserName, e.Message);
            return [];
        }
    }

    /// <summary>The berth becomes occupied or free.</summary>
    public Task BerthAsync(bool occupied, string? plate, DateTimeOffset at, bool replay, CancellationToken ct) =>
        SendAsync(SimulatedMessage.Berth(plan.Name, NewId(), occupied, plate, at, replay), ct);

    static string NewId() => Guid.CreateVersion7().ToString("N");

    Task SendAsync(string topic, object message, CancellationToken ct) => SendAsync(SimulatedMessage.Of(topic, message), ct);

    async Task SendAsync(SimulatedMessage message, CancellationToken ct)
    {
        for (var repeat = false; ; repeat = true)
        {
            using var patience = new CancellationTokenSource(AnswerPatience, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
            try
            {
                await ConnectAsync(either.Token);
                await client.PublishBinaryAsync(message.Topic, message.Payload, MqttQualityOfServiceLevel.AtLeastOnce, cancellationToken: either.Token);
                return;
            }
            catch (Exception e)
            {
                // MQTTnet says in many ways that the connection is lost.
                if (!repeat)
                    log.LogInformation("Simulated device {Device} was cut off and will repeat: {Reason}", plan.UserName, e.Message);
                await Task.Delay(Patience, clock, ct);
            }
        }
    }

    async Task ConnectAsync(CancellationToken ct)
    {
        await connecting.WaitAsync(ct);
        try
        {
            if (client.IsConnected)
                return;
            await client.OpenAsync(MqttClients.Options(options.Host, options.Port, plan.Name, plan.UserName, plan.Secret), ct);
            await client.SubscribeAsync(plan.Dialect == "zhenshi" ? $"{plan.Name}/device/message/down/gpio_out" : $"v1/{plan.Name}/down/#",
                MqttQualityOfServiceLevel.AtLeastOnce, ct);
        }
        catch
        {
            await client.TryDisconnectAsync();
            throw;
        }
        finally
        {
            connecting.Release();
        }
    }

    /// <summary>Does at once whatever it is told.</summary>
    void Answer(MqttApplicationMessage message)
    {
        if (message.Topic.EndsWith("/config", StringComparison.Ordinal))
            return;
        using var command = JsonDocument.Parse(message.Payload);
        var id = command.RootElement.GetProperty("id").GetString();
        // The acknowledgement of this message waits for us, so the reply must not wait for it.
        _ = plan.Dialect == "zhenshi"
            ? SendAsync(message.Topic + "/reply", new { id, sn = plan.Name, name = "gpio_out", code = 200 }, CancellationToken.None)
            : SendAsync($"v1/{plan.Name}/up/reply", new { id = NewId(), at = clock.GetUtcNow(), command = id, ok = true, code = "done" },
                CancellationToken.None);
    }

    /// <summary>Goes off line with a goodbye.</summary>
    public Task StopAsync() => client.TryDisconnectAsync();
}
