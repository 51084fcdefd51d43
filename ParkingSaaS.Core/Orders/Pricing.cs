using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Calendars;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tariffs.Engine;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Orders;

/// <summary>Works out what a stay costs, and keeps the explanation with the order.</summary>
public sealed class Pricing(TariffsInForce tariffs, CalendarsInForce calendars)
{
    const int MaxEarlier = 100;

    /// <summary>The fee until an instant, without changing the order. Null where no fee can be worked out: the entry is unknown,
    /// or the stay is longer than a tariff can say. A lot without a tariff costs nothing.</summary>
    public async ValueTask<FeeQuote?> QuoteAsync(CitySession s, Lot lot, Order order, DateTimeOffset until, CancellationToken ct,
        PlateLists? lists = null)
    {
        if (order.EnteredAt is not { } entry)
            return null;
        var decision = await (lists ?? new PlateLists(s)).DecideAsync(lot.Id, order.Plate, until, ct);
        if (decision.Free)
            return new FeeQuote { Currency = new Currency { Code = s.City.Currency, Digits = 2 }, Amount = 0, Notes = [decision.Note!] };
        if (order.TariffVersionId is not { } version)
            return new FeeQuote { Currency = new Currency { Code = s.City.Currency, Digits = 2 }, Amount = 0 };
        var tariff = await tariffs.RulesAsync(s, version, ct);
        var stay = new Stay(entry, until, order.Vehicle, order.Colour,
            NewEnergy: order.Colour is PlateColour.Green or PlateColour.YellowGreen,
            Groups: tariff.Conditions.Any(c => c.Groups.Count > 0) ? await GroupsAsync(s, order.Plate, ct) : null,
            ByHand: order.MarkReason is not null,
            Earlier: tariff.DaysBack > 0 ? await EarlierAsync(s, order, entry, tariff.DaysBack, ct) : null);
        var calendar = await calendars.GetAsync(s, lot.CalendarId, ct);
        var quote = FeeEngine.Quote(tariff, calendar.Days, s.City.Zone.Rules, stay);
        return quote.Problem is null
            ? quote with { Notes = Notes([decision.Note, Marked(order)], calendar.Notes(s.City.Zone.Date(entry), s.City.Zone.Date(until))) }
            : null;
    }

    /// <summary>The names of the groups that the car is in.</summary>
    static async Task<IReadOnlyList<string>> GroupsAsync(CitySession s, string? plate, CancellationToken ct) => plate is null ? []
        : await s.Db.PlateGroupPlates.Where(p => p.Plate == plate).Join(s.Db.PlateGroups, p => p.GroupId, g => g.Id, (_, g) => g.Name)
            .ToListAsync(ct);

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
    public async ValueTask<bool> PriceAsync(CitySession s, Lot lot, Order order, DateTimeOffset until, CancellationToken ct,
        PlateLists? lists = null)
    {
        if (await LeftInTimeAsync(s, lot, order, until, ct, lists))
            return true;
        if (await QuoteAsync(s, lot, order, until, ct, lists) is not { } quote)
            return false;
        Keep(order, quote);
        return true;
    }

    /// <summary>Takes off what a driver who paid in advance and left within the lot's minutes to leave does not owe. Nothing else
    /// changes the price of a stay that is over, whatever became of its calendar since.</summary>
    /// <returns>True where that is so.</returns>
    public async ValueTask<bool> LeftInTimeAsync(CitySession s, Lot lot, Order order, DateTimeOffset exit, CancellationToken ct,
        PlateLists? lists = null)
    {
        if (order.PaidUntil is not { } paid || exit <= paid || exit > paid.AddMinutes(lot.PrepaidMinutesToLeave)
            || await QuoteAsync(s, lot, order, paid, ct, lists) is not { } covered || covered.Total > order.Received)
            return false;
        Keep(order, covered);
        return true;
    }

    static FeeNote? Marked(Order order) => order.MarkReason is { } reason ? new FeeNote(FeeNoteCode.MarkedByHand, reason) : null;

    static List<FeeNote>? Notes(FeeNote?[] ofTheOrder, IReadOnlyList<FeeNote>? calendar) =>
        ofTheOrder.OfType<FeeNote>().Concat(calendar ?? []).ToList() is { Count: > 0 } notes ? notes : null;

    static void Keep(Order order, FeeQuote quote) =>
        (order.Receivable, order.FeeLines) = (quote.Total, JsonSerializer.Serialize(quote, TariffJson.Options));
}
