using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Finance;

/// <summary>What is done with an order's money only after others have looked.</summary>
public enum ReviewKind
{
    /// <summary>What was paid too much is paid back.</summary>
    Refund,

    /// <summary>Arrears that nobody will pay are given up.</summary>
    WriteOff
}

/// <summary>Who looks, in this order.</summary>
[Flags]
public enum ReviewSteps
{
    None = 0,

    /// <summary>Customer service.</summary>
    Service = 1,

    Finance = 2,

    /// <summary>The city's management.</summary>
    Management = 4
}

/// <summary>Who has to look at reviews of a kind in a city. A kind that nobody has set up goes by its default: finance.</summary>
public sealed class ReviewChain
{
    public required ReviewKind Kind { get; init; }

    /// <summary>At least one.</summary>
    public required ReviewSteps Steps { get; set; }

    /// <summary>Up to this amount nobody has to look; nothing where somebody always has.</summary>
    public Money FreeUpTo { get; set; }

    /// <summary>Who changed it last; null where nobody has.</summary>
    public string? ChangedBy { get; set; }

    public DateTimeOffset? ChangedAt { get; set; }

    /// <summary>The row's version: two writers cannot both win.</summary>
    public uint RowVersion { get; init; }

    /// <summary>All steps there are, in their order.</summary>
    public static readonly IReadOnlyList<ReviewSteps> InOrder = [ReviewSteps.Service, ReviewSteps.Finance, ReviewSteps.Management];

    /// <summary>Who has to look at such an amount.</summary>
    public ReviewSteps For(Money amount) => amount <= FreeUpTo ? ReviewSteps.None : Steps;

    /// <summary>The chains of all kinds, as they are now in the city.</summary>
    public static async Task<IReadOnlyList<ReviewChain>> AllAsync(CitySession s, CancellationToken ct)
    {
        var saved = await s.Db.Set<ReviewChain>().AsNoTracking().ToDictionaryAsync(c => c.Kind, ct);
        return [.. Enum.GetValues<ReviewKind>().Select(kind => saved.GetValueOrDefault(kind) ?? Default(kind))];
    }

    internal static ReviewChain Default(ReviewKind kind) => new() { Kind = kind, Steps = ReviewSteps.Finance };
}
