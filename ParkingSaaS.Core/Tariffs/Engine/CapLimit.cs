namespace ParkingSaaS.Core.Tariffs.Engine;

/// <summary>What a cap over all rules comes to for the vehicle.</summary>
/// <param name="Shown">Before the vehicle's factor, where that is beside it in the line.</param>
/// <param name="Limit">With it.</param>
/// <param name="Name">The cap's.</param>
internal readonly record struct CapLimit(decimal Shown, decimal Limit, string? Name)
{
    public static CapLimit Of(TariffCap cap, Tariff tariff, in FactorInForce factor)
    {
        if (cap.Like is null)
            return new(cap.Amount!.Value, factor.Limit(cap.Amount.Value), cap.Name);
        var amount = 0m;
        for (var i = 0; i < tariff.Rules.Count; i++)
            if (tariff.Rules[i].Id == cap.Like.Rule)
                amount = StageMath.Cost(tariff.Rules[i].Charge, cap.Like.Minutes * 60L, factor.OfCharges);
        return new(amount, amount, cap.Name);
    }
}
