using System.Text.Json;
using Microsoft.Playwright;
using MQTTnet;
using ParkingSaaS.Devices.Mqtt;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.E2E.Infrastructure;

/// <summary>A city of the demo: its pages, people and cars.</summary>
public sealed class DemoCity(RunningDemo demo, JsonElement json)
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public string Code => json.GetProperty("code").GetString()!;

    /// <summary>Absolute address of one of its pages.</summary>
    public string Url(string path) => $"{demo.BaseUrl}/{Code}/{path}";

    /// <summary>Lots in the order in which the demo lists them.</summary>
    public IReadOnlyList<DemoLot> Lots => [.. json.GetProperty("lots").EnumerateArray().Select(l => new DemoLot(l))];

    /// <summary>The gated lot that is left to people.</summary>
    public DemoLot Manual => Lots.First(l => !l.Simulated && l.Kind != "onStreet");

    /// <summary>What somebody of that role sees: the city, or the name of a district, a company, a lot.</summary>
    public string Sees(string role) => SignIn(role).GetProperty("sees").GetString()!;

    JsonElement SignIn(string role) => json.GetProperty("signIns").EnumerateArray().First(s => s.GetProperty("role").GetString() == role);

    /// <summary>Signs in whom the demo made with that role.</summary>
    public Task<IPage> SignInAsync(Browser browser, string role) =>
        SignInAsync(browser, SignIn(role).GetProperty("name").GetString()!, SignIn(role).GetProperty("password").GetString()!);

    /// <summary>Signs somebody in.</summary>
    public async Task<IPage> SignInAsync(Browser browser, string name, string password)
    {
        var page = await browser.NewPageAsync();
        await page.GotoAsync(Url("account/sign-in"));
        await page.FillAsync("input[name='Input.Name']", name);
        await page.FillAsync("input[name='Input.Password']", password);
        await page.ClickAsync("button[type=submit]");
        // On a phone the menu is folded away.
        try
        {
            await page.WaitForSelectorAsync("nav.menu a", new() { State = WaitForSelectorState.Attached });
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{name} signed in and came to {page.Url}, which says: {await page.InnerTextAsync("body")}", e);
        }
        return page;
    }

    /// <summary>A device of the lot on a connection of its own.</summary>
    public Task<DeviceClient> ConnectAsync(DemoLot lot, string kind, Func<MqttMessage, ValueTask>? onMessage = null)
    {
        var device = lot.Device(kind);
        return DeviceClient.ConnectAsync(MqttClients.Options("127.0.0.1", demo.MqttPort, device.GetProperty("device").GetString()!,
            device.GetProperty("username").GetString(), device.GetProperty("password").GetString()), onMessage, Ct);
    }

    /// <summary>A car passes a camera of the lot.</summary>
    /// <param name="lot">Where.</param>
    /// <param name="kind"><c>entryCamera</c> or <c>exitCamera</c>.</param>
    /// <param name="plate">Its plate.</param>
    /// <param name="minutesAgo">
    /// When; more than two minutes ago is told as a replay. Journeys that pay say 80: the fee rises every half hour, and must not do so while one pays.
    /// </param>
    public async Task PassAsync(DemoLot lot, string kind, string plate, double minutesAgo = 0)
    {
        await using var camera = await ConnectAsync(lot, kind);
        var name = lot.Device(kind).GetProperty("device").GetString();
        var reason = await camera.PublishAsync($"v1/{name}/up/passage", JsonSerializer.SerializeToUtf8Bytes(new
        {
            id = Guid.NewGuid().ToString("N"),
            at = TimeProvider.System.GetUtcNow().AddMinutes(-minutesAgo),
            replay = minutesAgo > 2,
            plate,
            direction = kind == "entryCamera" ? "in" : "out"
        }), ct: Ct);
        Assert.Equal(MqttReason.Success, reason);
        await camera.DisconnectAsync();
    }
}

/// <summary>A lot of the demo.</summary>
public sealed class DemoLot(JsonElement json)
{
    public string Id => json.GetProperty("id").GetString()!;
    public string Name => json.GetProperty("name").GetString()!;

    /// <summary>As English pages call it.</summary>
    public string InEnglish => Wording.InEnglish(Name);
    public string Kind => json.GetProperty("kind").GetString()!;
    public bool Simulated => json.GetProperty("simulated").GetBoolean();
    public JsonElement Device(string kind) => json.GetProperty("devices").GetProperty(kind);
}
