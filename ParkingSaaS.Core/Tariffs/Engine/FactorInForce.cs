namespace ParkingSaaS.Core.Tariffs.Engine;

/// <summary>By what a vehicle's charges, and caps and minimum charge, are multiplied, and what that is called; null where nothing does.</summary>
internal readonly record struct FactorInForce(decimal OfCharges, string? ChargesId, decimal OfLimits, string? LimitsId)
{
    public static FactorInForce Of(Tariff tariff, in Stay stay)
    {
        var found = new FactorInForce(1, null, 1, null);
        for (var i = 0; i < tariff.Factors.Count; i++)
        {
            var factor = tariff.Factors[i];
            if (factor.AppliesTo?.MatchesVehicle(in stay) is false)
                continue;
            if (tariff.FactorsTogether == FactorsTogether.Multiply)
                found = found.Times(factor);
            else if (found.ChargesId is null || factor.Factor > found.OfCharges)
                found = new FactorInForce(1, null, 1, null).Times(factor);
            if (tariff.FactorsTogether == FactorsTogether.First)
                break;
        }
        return found;
    }

    private FactorInForce Times(TariffFactor factor) => new(
        OfCharges * factor.Factor, And(ChargesId, factor.Id),
        factor.ScaleLimits ? OfLimits * factor.Factor : OfLimits, factor.ScaleLimits ? And(LimitsId, factor.Id) : LimitsId);

    private static string And(string? before, string id) => before is null ? id : $"{before} × {id}";
}
