using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Web.Node;

namespace ParkingSaaS.Web.Demo;

/// <summary>What <c>demo.json</c> says: every sign-in and secret of the demo, for people and for scripts. The database keeps only
/// their hashes.</summary>
sealed record DemoFile(string BaseUrl, int MqttPort, DemoPlatform Platform, IReadOnlyList<DemoFileCity> Cities)
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) }
    };

    /// <summary>Where the demo's file lies.</summary>
    public static string PathIn(string data) => Path.Combine(data, "demo.json");

    /// <summary>Reads the file; null where there is none.</summary>
    public static async Task<DemoFile?> ReadAsync(string path, CancellationToken ct) =>
        File.Exists(path) ? JsonSerializer.Deserialize<DemoFile>(await File.ReadAllTextAsync(path, ct), Json) : null;

    /// <summary>Writes the file for its owner only.</summary>
    public Task WriteAsync(string path, CancellationToken ct) =>
        PrivateFile.WriteAsync(path, JsonSerializer.Serialize(this, Json) + "\n", ct);

    /// <summary>The same secrets at another address.</summary>
    public DemoFile At(string baseUrl, int mqttPort) => this with
    {
        BaseUrl = baseUrl,
        MqttPort = mqttPort,
        Cities = [.. Cities.Select(c => c with { Api = c.Api with { TokenUrl = TokenUrl(baseUrl, c.Code) } })]
    };

    /// <summary>Where an API client of the city gets its token.</summary>
    public static string TokenUrl(string baseUrl, string city) => $"{baseUrl}/{city}/api/v1/token";
}

/// <summary>The platform administrator.</summary>
sealed record DemoPlatform(string Name, string Password);

/// <summary>A city, at <c>{baseUrl}/{code}/</c>.</summary>
sealed record DemoFileCity(string Code, string Name, string NameEn, IReadOnlyList<DemoSignIn> SignIns, DemoApi Api,
    IReadOnlyList<DemoFileLot> Lots);

/// <summary>Somebody who signs in to a city.</summary>
/// <param name="Role">A code in <see cref="Core.Accounts.Roles"/>.</param>
/// <param name="Name">The sign-in name.</param>
/// <param name="Sees">What the person sees: the city, or the names of a district, a company, lots.</param>
sealed record DemoSignIn(string Role, string Name, string Password, string Sees);

/// <summary>A partner's program.</summary>
sealed record DemoApi(string TokenUrl, string ClientId, string ClientSecret);

/// <param name="Kind"><c>onStreet</c>, <c>offStreet</c> or <c>indoor</c>.</param>
/// <param name="Simulated">False where the simulator sends nothing, so that a person can play the cars.</param>
/// <param name="Devices">One device of each kind that the lot has.</param>
/// <param name="AllDevices">All of them.</param>
sealed record DemoFileLot(Guid Id, string Name, LotKind Kind, bool Simulated, IReadOnlyDictionary<DeviceKind, DemoDevice> Devices,
    IReadOnlyList<DemoDevice> AllDevices);

/// <summary>What a device signs in to the MQTT broker with.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Dialect">The dialect it speaks.</param>
/// <param name="Username"><c>{city}/{device}</c>.</param>
/// <param name="Device">Its name, as in its topics.</param>
/// <param name="Lane">The name of the lane it serves, for cameras and gates.</param>
/// <param name="Berth">The number of the berth it watches, for sensors.</param>
sealed record DemoDevice(DeviceKind Kind, string Dialect, string Username, string Password, string Device, string? Lane, string? Berth);
