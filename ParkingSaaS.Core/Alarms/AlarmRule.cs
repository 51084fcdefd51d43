using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Alarms;

/// <summary>When a city raises alarms of a kind, and whom it tells. A kind that nobody has set up goes by its default.</summary>
public sealed class AlarmRule
{
    public required AlarmKind Kind { get; init; }

    public required AlarmLevel Level { get; set; }

    /// <summary>In the unit of the kind and within <see cref="Bounds"/>; null for kinds without one.</summary>
    public int? Threshold { get; set; }

    /// <summary>Switched off, it raises no alarm and ends those that are open.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Who is told: codes of <see cref="Accounts.Roles.InCity"/>. Others find it in the list.</summary>
    public required List<string> Roles { get; set; }

    /// <summary>From here on the city's wall clock is quiet; null where it never is.</summary>
    public TimeOnly? QuietFrom { get; set; }

    /// <summary>Up to here; before <see cref="QuietFrom"/> it is the next morning.</summary>
    public TimeOnly? QuietUntil { get; set; }

    /// <summary>Who changed it last; null where nobody has.</summary>
    public string? ChangedBy { get; set; }

    public DateTimeOffset? ChangedAt { get; set; }

    /// <summary>The row's version: two writers cannot both win.</summary>
    public uint RowVersion { get; init; }

    /// <summary>Whether somebody of that role is told of an alarm at that time of the city's wall clock. In quiet hours nothing below critical is
    /// told; what still stands when they are over is.</summary>
    public bool Tells(string role, AlarmLevel level, TimeOnly at) => Roles.Contains(role)
        && (level is AlarmLevel.Critical || !(QuietFrom is { } from && QuietUntil is { } until && at.IsBetween(from, until)));

    /// <summary>The least and the greatest threshold of a kind, both included; null where it has none.</summary>
    public static (int Min, int Max)? Bounds(AlarmKind kind) => kind switch
    {
        AlarmKind.DeviceOffline => (0, 7 * 24 * 60), // minutes
        AlarmKind.BatteryLow => (1, 100), // per cent
        AlarmKind.LotFull => (50, 150), // per cent of the capacity
        AlarmKind.StayTooLong => (1, 3650), // days
        AlarmKind.IncomeUnusual => (10, 95), // per cent, up or down
        _ => null
    };

    /// <summary>The rules of all kinds, as they are now in the city.</summary>
    public static async Task<IReadOnlyList<AlarmRule>> AllAsync(CitySession s, CancellationToken ct)
    {
        var saved = await s.Db.Set<AlarmRule>().AsNoTracking().ToDictionaryAsync(r => r.Kind, ct);
        return [.. Enum.GetValues<AlarmKind>().Select(kind => saved.GetValueOrDefault(kind) ?? Default(kind))];
    }

    /// <summary>A booth is told of what holds its cars up. What is only good to know waits for the morning.</summary>
    internal static AlarmRule Default(AlarmKind kind)
    {
        var (level, threshold, booth) = kind switch
        {
            AlarmKind.DeviceOffline => (AlarmLevel.Warning, 5, true),
            AlarmKind.GateFailed => (AlarmLevel.Critical, null, true),
            AlarmKind.ClockWrong => (AlarmLevel.Warning, null, false),
            AlarmKind.BatteryLow => (AlarmLevel.Warning, 20, false),
            AlarmKind.LotFull => (AlarmLevel.Information, 100, true),
            AlarmKind.StayTooLong => (AlarmLevel.Information, 7, false),
            AlarmKind.IncomeUnusual => (AlarmLevel.Warning, (int?)50, false),
            AlarmKind.ShiftOpen => (AlarmLevel.Warning, null, true),
            _ => throw new ArgumentOutOfRangeException(nameof(kind))
        };
        var atNight = level is not AlarmLevel.Information;
        return new AlarmRule
        {
            Kind = kind,
            Level = level,
            Threshold = threshold,
            Roles = [.. Accounts.Roles.InCity.Where(role => booth || role != Accounts.Roles.Attendant)],
            QuietFrom = atNight ? null : new TimeOnly(22, 0),
            QuietUntil = atNight ? null : new TimeOnly(7, 0)
        };
    }
}
