using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Alarms;

/// <summary>What an alarm is about. What each takes for a cause is in <see cref="AlarmCauses"/>.</summary>
public enum AlarmKind
{
    /// <summary>A device that was here has been away for the rule's minutes.</summary>
    DeviceOffline,

    /// <summary>The last thing that a gate was told to do it could not, or did not take in time.</summary>
    GateFailed,

    /// <summary>A device's clock is off by more than <see cref="Devices.ClockPolicy.Tolerance"/>.</summary>
    ClockWrong,

    /// <summary>A device's battery is below the rule's per cent.</summary>
    BatteryLow,

    /// <summary>A lot is full to the rule's per cent of its capacity.</summary>
    LotFull,

    /// <summary>A car without a pass has been in for the rule's days.</summary>
    StayTooLong,

    /// <summary>What came in today differs from other weeks by more than the rule's per cent, see <see cref="UnusualIncome"/>.</summary>
    IncomeUnusual,

    /// <summary>Shifts of a lot have been open for longer than <see cref="Payments.Shifts.Shift.Longest"/>.</summary>
    ShiftOpen
}

/// <summary>How much an alarm matters; the order is that of the list.</summary>
public enum AlarmLevel
{
    /// <summary>Good to know.</summary>
    Information,

    /// <summary>Somebody should look after it today.</summary>
    Warning,

    /// <summary>Somebody should look after it now, also in quiet hours.</summary>
    Critical
}

/// <summary>Something is wrong, or was. It is raised once for its cause, which is its kind with its lot, device or order, and ends by itself when the
/// cause is gone.</summary>
public sealed class Alarm
{
    /// <summary>The longest <see cref="Note"/>, in characters.</summary>
    public const int MaxNote = 500;

    /// <summary>Row id, in the order of raising.</summary>
    public required Guid Id { get; init; }

    public required AlarmKind Kind { get; init; }

    /// <summary>The lot that it is about; null where it is about the whole city, and seen by those only who see all of it.</summary>
    public Guid? LotId { get; init; }

    /// <summary>The device that it is about.</summary>
    public Guid? DeviceId { get; init; }

    /// <summary>The stay that it is about.</summary>
    public Guid? OrderId { get; init; }

    /// <summary>The rule's, as long as it is open.</summary>
    public required AlarmLevel Level { get; set; }

    /// <summary>What was found when it was raised: the clock's seconds ahead, the battery's per cent, cars in, the smallest unit of money that came in, shifts;
    /// null where there is nothing to measure.</summary>
    public long? Value { get; init; }

    /// <summary>What <see cref="Value"/> is held against: seconds, per cent, the capacity, the money that comes in as a rule; for other kinds the
    /// rule's minutes or days.</summary>
    public long? Norm { get; init; }

    public required DateTimeOffset RaisedAt { get; init; }

    /// <summary>When its cause was gone; null while it is open.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    public DateTimeOffset? AcknowledgedAt { get; set; }

    /// <summary>Who takes care of it: an actor's name.</summary>
    public string? AcknowledgedBy { get; set; }

    /// <summary>What they say of it.</summary>
    public string? Note { get; set; }

    /// <summary>Those within reach. What comes in is seen only by those who may see payments.</summary>
    internal static IQueryable<Alarm> Seen(CitySession s)
    {
        var money = s.Actor.May(PaymentPermissions.View);
        return s.Db.Set<Alarm>().Where(a => money || a.Kind != AlarmKind.IncomeUnusual);
    }
}
