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
    const int MaxEarlier = 100;

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
        var covers = decision.Refused ? [] : await StayCover.OfAsync(s, cars, lot, order, entry, until, ct);
        if (covers.Count == 0)
            return await ByTariffAsync(s, lot, order, version, new Stretch(entry, until), [], decision.Note, window, ct);
        var parts = new List<FeeQuote>();
        var charged = new List<EarlierStay>();
        foreach (var time in new[] { new Stretch(entry, until) }.Without([.. covers.Select(c => c.Time)]))
        {
            if (await VersionAsync(time.From) is not { } inForce)
                continue;
            if (await ByTariffAsync(s, lot, order, inForce, time, charged, null, window, ct) is not { } part)
                return null;
            parts.Add(part);
            charged.Add(new EarlierStay(time.From, time.To));
        }
        var notes = parts.SelectMany(p => p.Notes ?? []).Distinct().ToList();
        return nothing with
        {
            Currency = parts.Count > 0 ? parts[0].Currency : nothing.Currency,
            Amount = FeeLines.Tidy(parts.Sum(p => p.Amount), s.City.Currency),
            Lines = [.. covers.Select(c => Line(c, nothing.Currency)).Concat(parts.SelectMany(p => p.Lines)).OrderBy(l => l.From)],
            Notes = notes.Count > 0 ? notes : null
        };

        async Task<Guid?> VersionAsync(DateTimeOffset at) =>
            at == entry ? version : (await tariffs.ForLotsAsync(s, [lot.Id], ct)).VersionAt(lot.Id, at);
    }

    static FeeLine Line(PassCover cover, Currency currency) => new()
    {
        Code = FeeLineCode.Pass,
        Name = cover.Number.ToString(System.Globalization.CultureInfo.InvariantCulture),
        From = cover.Time.From,
        To = cover.Time.To,
        Amount = FeeLines.Tidy(0, currency)
    };

    /// <summary>What a tariff asks for some time of the order's, as for a stay of its own.</summary>
    /// <param name="s">The session.</param>
    /// <param name="lot">The order's lot.</param>
    /// <param name="order">The order.</param>
    /// <param name="version">The tariff's version in force at the beginning of that time.</param>
    /// <param name="time">The time.</param>
    /// <param name="charged">What was charged of the order before.</param>
    /// <param name="note">What the lists say.</param>
    /// <param name="window">The car's stays that are not saved yet, if any.</param>
    /// <param name="ct">Gives up.</param>
    async Task<FeeQuote?> ByTariffAsync(CitySession s, Lot lot, Order order, Guid version, Stretch time, IReadOnlyList<EarlierStay> charged,
        FeeNote? note, StayWindow? window, CancellationToken ct)
    {
        var tariff = await tariffs.RulesAsync(s, version, ct);
        var stay = new Stay(time.From, time.To, order.Vehicle, order.Colour,
            NewEnergy: order.Colour is PlateColour.Green or PlateColour.YellowGreen,
            Groups: tariff.Conditions.Any(c => c.NamesGroups) ? await GroupsAsync(s, order.Plate, ct) : null,
            ByHand: order.MarkReason is not null,
            Earlier: tariff.DaysBack > 0 ? [.. await EarlierAsync(s, order, order.EnteredAt!.Value, tariff.DaysBack, window, ct), .. charged] : null);
        var calendar = await calendars.GetAsync(s, lot.CalendarId, ct);
        var quote = FeeEngine.Quote(tariff, calendar.Days, s.City.Zone.Rules, stay);
        return quote.Problem is null
            ? quote with { Notes = Notes([note, Marked(order)], calendar.Notes(s.City.Zone.Date(time.From), s.City.Zone.Date(time.To))) }
            : null;
    }

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
            .OrderByDescending(o => o.EnteredAt).Take(MaxEarlier).Select(o => new EarlierStay(o.EnteredAt!.Value, o.ExitedAt!.Value)).ToListAsync(ct);
        found.AddRange(known.Where(o => o.State is not OrderState.Void && o.EnteredAt >= since && o.ExitedAt <= entry)
            .Select(o => new EarlierStay(o.EnteredAt!.Value, o.ExitedAt!.Value)));
        found.Sort((a, b) => a.Entry.CompareTo(b.Entry));
        return Earlier(found, entry, days);
    }

    /// <summary>Whether the order's tariff looks at the car's stays before.</summary>
    internal async ValueTask<bool> DependsOnEarlierAsync(CitySession s, Order order, CancellationToken ct) =>
        order.TariffVersionId is { } version && (await tariffs.RulesAsync(s, version, ct)).DaysBack > 0;

    /// <summary>Of a car's stays in order of entry those that matter to its next: over by then, and begun so few days before.</summary>
    internal static IReadOnlyList<EarlierStay> Earlier(List<EarlierStay> before, DateTimeOffset entry, int days)
    {
        var since = entry.AddDays(-days);
        var from = before.Count;
        for (var found = 0; from > 0 && before[from - 1].Entry >= since && found < MaxEarlier; from--)
            found += before[from - 1].Exit <= entry ? 1 : 0;
        // Of two that overlap, which nobody can have made, the earlier counts.
        var stays = new List<EarlierStay>();
        for (; from < before.Count; from++)
            if (before[from].Exit <= entry && (stays.Count == 0 || before[from].Entry >= stays[^1].Exit))
                stays.Add(before[from]);
        return stays;
    }

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
        && (await InTimeAsync(s, lot, order, exit, ct, window) ?? await QuoteAsync(s, lot, order, exit, ct, window)) is { } quote && quote.Total != order.Receivable;

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

    static FeeQuote Nothing(CitySession s) => new() { Currency = s.City.Currency, Amount = FeeLines.Tidy(0, s.City.Currency) };

    static FeeNote? Marked(Order order) => order.MarkReason is { } reason ? new FeeNote(FeeNoteCode.MarkedByHand, reason) : null;

    static List<FeeNote>? Notes(FeeNote?[] ofTheOrder, IReadOnlyList<FeeNote>? calendar) =>
        ofTheOrder.OfType<FeeNote>().Concat(calendar ?? []).ToList() is { Count: > 0 } notes ? notes : null;

    static void Keep(Order order, FeeQuote quote) =>
        (order.Receivable, order.FeeLines) = (quote.Total, JsonSerializer.Serialize(quote, TariffJson.Options));
}
