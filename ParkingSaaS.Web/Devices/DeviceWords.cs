using System.Text.Json;
using Microsoft.Extensions.Localization;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Devices;

/// <summary>How pages of devices word things.</summary>
static class DeviceWords
{
    /// <summary>How far a device's clock is ahead; null where nobody knows.</summary>
    public static TimeSpan? ClockIsAhead(this Device device) => device.ClockOffset is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    /// <summary>The text that a display is told to show, in quotes; empty for other commands.</summary>
    public static string TextShown(this DeviceCommand command)
    {
        using var args = JsonDocument.Parse(command.Args);
        return args.RootElement.TryGetProperty("text", out var text) ? $"“{text.GetString()}”" : "";
    }

    /// <summary>How a device's clock goes: right, or how far behind (below zero) or ahead.</summary>
    public static string Clock(this IStringLocalizer<Texts> texts, ClockPolicy clocks, TimeSpan? ahead) =>
        ahead is not { } off ? Show.None
        : !clocks.IsOff(off) ? texts["right"]
        : off < TimeSpan.Zero ? texts["{0} behind", Show.Duration(-off)]
        : texts["{0} ahead", Show.Duration(off)];

    /// <summary>Why a device came on line or went off; what has no text of its own as it is.</summary>
    public static string StateDetail(this IStringLocalizer<Texts> texts, string detail) =>
        detail is "" ? Show.None : texts["deviceDetail." + detail] is { ResourceNotFound: false } known ? known.Value : detail;
}
