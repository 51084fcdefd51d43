using System.Text.Json;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tariffs.Engine;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Orders;

/// <summary>Works out what a stay costs, and keeps the explanation with the order.</summary>
public sealed class Pricing(TariffsInForce tariffs)
{
    /// <summary>The fee until an instant, without changing the order. Null where no fee can be worked out: the entry is unknown,
    /// or the stay is longer than a tariff can say. A lot without a tariff costs nothing.</summary>
    public async ValueTask<FeeQuote?> QuoteAsync(CitySession s, Order order, DateTimeOffset until, CancellationToken ct)
    {
        if (order.EnteredAt is not { } entry)
            return null;
        if (order.TariffVersionId is not { } version)
            return new FeeQuote { Currency = new Currency { Code = s.City.Currency, Digits = 2 }, Amount = 0 };
        var stay = new Stay(entry, until, order.Vehicle, order.Colour,
            NewEnergy: order.Colour is PlateColour.Green or PlateColour.YellowGreen);
        var quote = FeeEngine.Quote(await tariffs.RulesAsync(s, version, ct), DayTypes.Weekends, s.City.Zone.Rules, stay);
        return quote.Problem is null ? quote : null;
    }

    /// <summary>Prices the order until an instant. A driver who paid in advance and leaves within the lot's minutes to leave
    /// owes no more.</summary>
    /// <returns>False where no fee can be worked out.</returns>
    public async ValueTask<bool> PriceAsync(CitySession s, Lot lot, Order order, DateTimeOffset until, CancellationToken ct)
    {
        var quote = order.PaidUntil is { } paid && until > paid && until <= paid.AddMinutes(lot.PrepaidMinutesToLeave)
            && await QuoteAsync(s, order, paid, ct) is { } covered && covered.Total <= order.Received
                ? covered
                : await QuoteAsync(s, order, until, ct);
        if (quote is null)
            return false;
        order.Receivable = quote.Total;
        order.FeeLines = JsonSerializer.Serialize(quote, TariffJson.Options);
        return true;
    }
}
