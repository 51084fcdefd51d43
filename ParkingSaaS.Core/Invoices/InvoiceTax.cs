using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Invoices;

/// <summary>What of a price that includes the tax is tax. The price without it is worked out for each line, and half a unit is rounded up; the tax is the
/// rest, so both always come to the price.</summary>
public static class InvoiceTax
{
    /// <summary>Rates are in hundredths of a percent: 900 is 9 %.</summary>
    public const int Whole = 10_000;

    /// <summary>The price without the tax.</summary>
    /// <param name="gross">Not less than nothing.</param>
    /// <param name="rate">In hundredths of a percent.</param>
    public static Money Net(Money gross, int rate) =>
        new((long)decimal.Round((decimal)gross.Minor * Whole / (Whole + rate), MidpointRounding.AwayFromZero));
}
