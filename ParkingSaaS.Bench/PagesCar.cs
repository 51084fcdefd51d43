using System.Text;
using MQTTnet;
using MQTTnet.Protocol;
using ParkingSaaS.Devices.Mqtt;

/// <summary>A car that the camera at the entry of the demo's manual lot sees.</summary>
internal static class PagesCar
{
    /// <summary>Ends when the program has it on disk.</summary>
    /// <param name="program">The program with its demo.</param>
    /// <param name="plate">Of a car that is not in.</param>
    /// <param name="ago">How long ago it came.</param>
    public static async Task PassAsync(PagesProgram program, string plate, TimeSpan ago)
    {
        var camera = program.Manual.GetProperty("devices").GetProperty("entryCamera");
        var name = camera.GetProperty("device").GetString()!;
        using var client = MqttClients.Create();
        await client.OpenAsync(MqttClients.Options("127.0.0.1", program.MqttPort, name, camera.GetProperty("username").GetString(),
            camera.GetProperty("password").GetString()), CancellationToken.None);
        var id = Guid.NewGuid().ToString("N");
        var at = TimeProvider.System.GetUtcNow() - ago;
        var payload = $$"""{"id":"{{id}}","at":"{{at:O}}","replay":{{(ago > TimeSpan.Zero ? "true" : "false")}},"plate":"{{plate}}","direction":"in"}""";
        var answer = await client.PublishBinaryAsync($"v1/{name}/up/passage", Encoding.UTF8.GetBytes(payload), MqttQualityOfServiceLevel.AtLeastOnce);
        if (!answer.IsSuccess)
            throw new InvalidOperationException($"{plate}: {answer.ReasonCode}");
    }
}
