using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Finance.Clearing;

/// <summary>Divides an amount by ratios without a minor unit lost or made: each gets its part rounded down, and what is left goes, one minor unit each, to
/// those who lost most by the rounding, of equal ones to the first (the largest remainder method).</summary>
static class Apportionment
{
    /// <param name="amount">Less than nothing is divided as its opposite, so that what was shared and goes back comes to nothing.</param>
    /// <param name="basisPoints">Each not less than nothing, together at most <see cref="ClearingShare.Whole"/>; what is missing to it gets its part,
    /// too, which is not told.</param>
    /// <returns>The parts, in the order of the ratios.</returns>
    public static Money[] Of(Money amount, IReadOnlyList<int> basisPoints)
    {
        int[] points = [.. basisPoints, ClearingShare.Whole - basisPoints.Sum()];
        var whole = Int128.Abs(amount.Minor);
        var parts = points.Select(p => (long)(whole * p / ClearingShare.Whole)).ToArray();
        var left = (int)((long)whole - parts.Sum());
        foreach (var i in Enumerable.Range(0, points.Length).OrderByDescending(i => whole * points[i] % ClearingShare.Whole).Take(left))
            parts[i]++;
        return [.. parts[..^1].Select(p => new Money(amount < Money.Zero ? -p : p))];
    }
}
