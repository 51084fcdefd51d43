using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Payments.Shifts;

/// <summary>What was done to a shift.</summary>
public enum ShiftOperationKind
{
    /// <summary>Its collector opened it; the amount is the float.</summary>
    Opened,

    /// <summary>The first money opened it.</summary>
    Begun,

    /// <summary>The float was put right; the amount is what it is now.</summary>
    FloatSet,

    /// <summary>It was handed in; the amount is what was counted, the detail the explanation.</summary>
    HandedIn,

    /// <summary>It has to be counted or explained once more; the detail is why.</summary>
    GivenBack,

    /// <summary>The amount was taken over.</summary>
    Confirmed
}

/// <summary>Who did what to a shift, when.</summary>
public sealed class ShiftOperation : ILotOwned
{
    public required Guid Id { get; init; }

    /// <inheritdoc/>
    public required Guid LotId { get; init; }

    public required Guid ShiftId { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Who: an actor's name.</summary>
    public required string By { get; init; }

    public required ShiftOperationKind Kind { get; init; }

    public Money Amount { get; init; }

    /// <summary>Reason or other detail, in the words of who did it.</summary>
    public string Detail { get; init; } = "";

    /// <summary>Notes in the shift's log what whoever acts does; it is saved with the session.</summary>
    internal static void Log(CitySession s, Shift shift, ShiftOperationKind kind, Money amount, string? detail = null) => s.Db.Add(new ShiftOperation
    {
        Id = Guid.CreateVersion7(),
        LotId = shift.LotId,
        ShiftId = shift.Id,
        At = s.Now,
        By = s.Actor.Name,
        Kind = kind,
        Amount = amount,
        Detail = detail?.Trim() ?? ""
    });
}
