using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Calendars;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Passes;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tariffs.Engine;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Core.Vehicles;

namespace ParkingSaaS.Core.Orders;

/// <summary>Works out what a stay costs, and keeps the explanation with the order.</summary>
public sealed class Pricing(TariffsInForce tariffs, CalendarsInForce calendars)
{
    /// <summary>The fee until an instant, without changing the order. Null where no fee can be worked out: the entry is unknown,
    /// or the stay is longer than a tariff can say. A lot without a tariff costs nothing.</summary>
    internal async ValueTask<FeeQuote?> QuoteAsync(CitySession s, Lot lot, Order order, DateTimeOffset until, CancellationToken ct,
        StayWindow? window = null)
    {
        if (order.EnteredAt is not { } entry)
            return null;
        var cars = window?.Cars ?? new PlateLists(s);
        var decision = await cars.DecideAsync(lot.Id, order.Plate, until, ct);
        var nothing = Nothing(s);
        if (decision.Free)
            return nothing with { Notes = [decision.Note!] };
        if (order.TariffVersionId is not { } version)
            return nothing;
        // The black list leaves the car to the tariff alone.
        var covers = decision.Refused ? [] : await StayCover.OfAsync(s, window, cars, lot, order, entry, until, ct);
        // The first part is priced by the version of the entry, others by those in force when they begin.
        var table = covers.Count == 0 ? null : await tariffs.ForLotsAsync(s, [lot.Id], ct);
        var rules = new Dictionary<DateTimeOffset, Tariff> { [entry] = await tariffs.RulesAsync(s, version, ct) };
        foreach (var cover in covers)
            if (table!.VersionAt(lot.Id, cover.Time.To) is { } inForce)
                rules.TryAdd(cover.Time.To, await tariffs.RulesAsync(s, inForce, ct));
        var stay = new Stay(entry, until, order.Vehicle, order.Colour, order.Colour.IsNewEnergy(),
            Groups: rules.Values.Any(t => t.Conditions.Any(c => c.NamesGroups)) ? await GroupsAsync(s, order.Plate, ct) : null,
            ByHand: order.MarkReason is not null,
            Earlier: rules.Values.Max(t => t.DaysBack) is > 0 and var back ? await EarlierAsync(s, order, entry, back, window, ct) : null);
        var calendar = await calendars.GetAsync(s, lot.CalendarId, ct);
        if (StayPrice.Parts(stay, [.. covers.Select(c => c.Time)], at => rules.GetValueOrDefault(at), calendar.Days, s.City.Zone) is not { } parts)
            return null;
        var notes = parts.SelectMany(p => (FeeNote?[])[covers.Count == 0 ? decision.Note : null, Marked(order),
            .. calendar.Notes(s.City.Zone.Date(p.Time.From), s.City.Zone.Date(p.Time.To)) ?? []]).OfType<FeeNote>().Distinct().ToList();
        var fee = parts.Count > 0 ? parts[0].Quote : nothing;
        return fee with
        {
            Amount = FeeLines.Tidy(parts.Sum(p => p.Quote.Amount), fee.Currency),
            Lines = covers.Count == 0
                ? fee.Lines
                : [.. covers.Select(c => Line(c, fee.Currency)).Concat(parts.SelectMany(p => p.Quote.Lines)).OrderBy(l => l.From)],
            Notes = notes.Count > 0 ? notes : null
        };
    }

    static FeeLine Line(PassCover cover, Currency currency) => new()
    {
        Code = FeeLineCode.Pass,
        Name = cover.Number.ToString(System.Globalization.CultureInfo.InvariantCulture),
        From = cover.Time.From,
        To = cover.Time.To,
        Amount = FeeLines.Tidy(0, currency)
    };

    /// <summary>The names of the groups that the car is in.</summary>
    static async Task<IReadOnlyList<string>> GroupsAsync(CitySession s, string? plate, CancellationToken ct) => plate is null ? []
        : await s.Db.Set<PlateGroupPlate>().Where(p => p.Plate == plate).Join(s.Db.Set<PlateGroup>(), p => p.GroupId, g => g.Id, (_, g) => g.Name)
            .ToListAsync(ct);

    /// <summary>The car's stays in the lot before this one, as far back as the tariff looks.</summary>
    static async Task<IReadOnlyList<EarlierStay>> EarlierAsync(CitySession s, Order order, DateTimeOffset entry, int days,
        StayWindow? window, CancellationToken ct)
    {
        if (order.Plate is not { } plate)
            return [];
        var since = entry.AddDays(-days);
        // What this unit of work did is not yet in the database.
        var known = StayWindow.OfPlate(s, window, order.LotId, plate).Where(o => o.Id != order.Id).ToList();
        var besides = known.Select(o => o.Id).Append(order.Id).ToList();
        var found = await s.Db.Set<Order>()
            .Where(o => o.LotId == order.LotId && o.Plate == plate && !besides.Contains(o.Id) && o.State != OrderState.Void
                && o.EnteredAt >= since && o.ExitedAt <= entry)
            .OrderByDescending(o => o.EnteredAt).Take(StayPrice.MaxEarlier).Select(o => new EarlierStay(o.EnteredAt!.Value, o.ExitedAt!.Value)).ToListAsync(ct);
        found.AddRange(known.Where(o => o.State is not OrderState.Void && o.EnteredAt >= since && o.ExitedAt <= entry)
            .Select(o => new EarlierStay(o.EnteredAt!.Value, o.ExitedAt!.Value)));
        found.Sort((a, b) => a.Entry.CompareTo(b.Entry));
        return found;
    }

    /// <summary>Whether the order's tariff looks at the car's stays before.</summary>
    internal async ValueTask<bool> DependsOnEarlierAsync(CitySession s, Order order, CancellationToken ct) =>
        order.TariffVersionId is { } version && (await tariffs.RulesAsync(s, version, ct)).DaysBack > 0;

    /// <summary>Prices the order until an instant. A driver who paid in advance and leaves within the lot's minutes to leave
    /// owes no more.</summary>
    /// <returns>False where no fee can be worked out.</returns>
    internal async ValueTask<bool> PriceAsync(CitySession s, Lot lot, Order order, DateTimeOffset until, CancellationToken ct,
        StayWindow? window = null)
    {
        if ((await InTimeAsync(s, lot, order, until, ct, window) ?? await QuoteAsync(s, lot, order, until, ct, window)) is not { } quote)
            return false;
        Keep(order, quote);
        return true;
    }

    /// <summary>Whether a stay that is over and paid would cost something else now, as its tariff looks at the car's stays before.</summary>
    internal async ValueTask<bool> CostsOtherwiseAsync(CitySession s, Lot lot, Order order, CancellationToken ct, StayWindow? window = null) =>
        order is { ExitedAt: { } exit } && await DependsOnEarlierAsync(s, order, ct)
        && (await InTimeAsync(s, lot, order, exit, ct, window) ?? await QuoteAsync(s, lot, order, exit, ct, window)) is { } quote
        && quote.Total != order.Receivable;

    /// <summary>Takes off what a driver who paid in advance and left within the lot's minutes to leave does not owe. Nothing else
    /// changes the price of a stay that is over, whatever became of its calendar since.</summary>
    internal async Task LeftInTimeAsync(CitySession s, Lot lot, Order order, DateTimeOffset exit, CancellationToken ct)
    {
        if (await InTimeAsync(s, lot, order, exit, ct, window: null) is { } covered)
            Keep(order, covered);
    }

    /// <summary>What a driver owes who paid in advance and left within the lot's minutes to leave; null where that is not so.</summary>
    async ValueTask<FeeQuote?> InTimeAsync(CitySession s, Lot lot, Order order, DateTimeOffset exit, CancellationToken ct, StayWindow? window) =>
        order.PaidUntil is { } paid && exit > paid && exit <= paid.AddMinutes(lot.PrepaidMinutesToLeave)
            && await QuoteAsync(s, lot, order, paid, ct, window) is { } covered && covered.Total <= order.Received
            ? covered
            : null;

    /// <summary>A person lets the fee go. What was paid in advance stays paid; no more is asked.</summary>
    internal static void Waive(CitySession s, Order order, string reason) =>
        Keep(order, Nothing(s) with { Amount = s.City.Currency.Amount(order.Received), Notes = [new FeeNote(FeeNoteCode.Waived, reason)] });

    /// <summary>Whether a person let the fee go.</summary>
    internal static bool IsWaived(Order order) => order.FeeLines is { } lines
        && JsonSerializer.Deserialize<FeeQuote>(lines, TariffJson.Options)!.Notes?.Any(n => n.Code is FeeNoteCode.Waived) is true;

    static FeeQuote Nothing(CitySession s) => new() { Currency = s.City.Currency, Amount = FeeLines.Tidy(0, s.City.Currency) };

    static FeeNote? Marked(Order order) => order.MarkReason is { } reason ? new FeeNote(FeeNoteCode.MarkedByHand, reason) : null;

    static void Keep(Order order, FeeQuote quote) =>
        order.Charge(quote.Total, JsonSerializer.Serialize(quote, TariffJson.Options));
}
