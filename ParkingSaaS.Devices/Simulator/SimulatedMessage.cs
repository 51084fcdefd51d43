using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ParkingSaaS.Core.Devices;

namespace ParkingSaaS.Devices.Simulator;

/// <summary>What a simulated device says, in its dialect.</summary>
/// <param name="Payload">JSON, as UTF-8.</param>
public sealed record SimulatedMessage(string Topic, byte[] Payload)
{
    static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>How sure cameras are, 0 to 1.</summary>
    public const double Confidence = 0.97;

    /// <summary>A car passes a camera.</summary>
    /// <param name="dialect">See <see cref="DeviceDialect"/>.</param>
    /// <param name="device">The camera's name.</param>
    /// <param name="id">The message's.</param>
    /// <param name="plate">As read; null when none was.</param>
    /// <param name="colour">The plate's colour.</param>
    /// <param name="at">When it passes.</param>
    /// <param name="replay">Told later than it happened.</param>
    /// <param name="now">When it is told.</param>
    /// <param name="images">Names of pictures that were uploaded; 臻识 cameras send none.</param>
    public static SimulatedMessage Passage(string dialect, string device, string id, string? plate, string colour, DateTimeOffset at, bool replay,
        DateTimeOffset now, params IReadOnlyList<string> images) => dialect == DeviceDialect.Zhenshi
        ? Of($"{device}/device/message/up/ivs_result", new
        {
            id,
            sn = device,
            name = "ivs_result",
            version = "1.0",
            timestamp = now.ToUnixTimeSeconds(),
            payload = new
            {
                AlarmInfoPlate = new
                {
                    result = new
                    {
                        PlateResult = new
                        {
                            license = Convert.ToBase64String(Encoding.UTF8.GetBytes(plate ?? "_无_")),
                            colorType = colour == "green" ? 5 : 1,
                            confidence = (int)(100 * Confidence),
                            isoffline = replay ? 1 : 0,
                            timeStamp = new { Timeval = new { sec = at.ToUnixTimeSeconds(), usec = 0 } }
                        }
                    }
                }
            }
        })
        : Of($"v1/{device}/up/passage", new { id, at, replay, plate, colour, vehicle = "small", confidence = Confidence, images });

    /// <summary>A berth becomes occupied or free.</summary>
    /// <param name="sensor">The sensor's name.</param>
    /// <param name="id">The message's.</param>
    /// <param name="plate">As its camera read it; null when it did not.</param>
    /// <param name="at">When that is.</param>
    /// <param name="replay">Told later than it happened.</param>
    public static SimulatedMessage Berth(string sensor, string id, bool occupied, string? plate, DateTimeOffset at, bool replay) =>
        Of($"v1/{sensor}/up/berth", new { id, at, replay, occupied, plate });

    /// <summary>Any other message.</summary>
    internal static SimulatedMessage Of(string topic, object content) => new(topic, JsonSerializer.SerializeToUtf8Bytes(content, Json));
}
