using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tariffs.Engine;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Orders;

/// <summary>Works out what a stay costs, and keeps the explanation with the order.</summary>
public sealed class Pricing(TariffsInForce tariffs)
{
    const int MaxEarlier = 100;

    /// <summary>The fee until an instant, without changing the order. Null where no fee can be worked out: the entry is unknown,
    /// or the stay is longer than a tariff can say. A lot without a tariff costs nothing.</summary>
    public async ValueTask<FeeQuote?> QuoteAsync(CitySession s, Order order, DateTimeOffset until, CancellationToken ct)
    {
        if (order.EnteredAt is not { } entry)
            return null;
        if (order.TariffVersionId is not { } version)
            return new FeeQuote { Currency = new Currency { Code = s.City.Currency, Digits = 2 }, Amount = 0 };
        var tariff = await tariffs.RulesAsync(s, version, ct);
        var stay = new Stay(entry, until, order.Vehicle, order.Colour,
            NewEnergy: order.Colour is PlateColour.Green or PlateColour.YellowGreen,
            Earlier: tariff.DaysBack > 0 ? await EarlierAsync(s, order, entry, tariff.DaysBack, ct) : null);
        var quote = FeeEngine.Quote(tariff, DayTypes.Weekends, s.City.Zone.Rules, stay);
        return quote.Problem is null ? quote : null;
    }

    /// <summary>The car's stays in the lot before this one, as far back as the tariff looks.</summary>
    static async Task<IReadOnlyList<EarlierStay>> EarlierAsync(CitySession s, Order order, DateTimeOffset entry, int days, CancellationToken ct)
    {
        if (order.Plate is not { } plate)
            return [];
        var since = entry.AddDays(-days);
        var found = await s.Db.Orders
            .Where(o => o.LotId == order.LotId && o.Plate == plate && o.Id != order.Id && o.State != OrderState.Void
                && o.EnteredAt >= since && o.ExitedAt <= entry)
            .OrderByDescending(o => o.EnteredAt).Take(MaxEarlier).Select(o => new EarlierStay(o.EnteredAt!.Value, o.ExitedAt!.Value)).ToListAsync(ct);
        found.Reverse();
        // Of two that overlap, which nobody can have made, the earlier counts.
        var stays = new List<EarlierStay>(found.Count);
        foreach (var stay in found)
            if (stays.Count == 0 || stay.Entry >= stays[^1].Exit)
                stays.Add(stay);
        return stays;
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
