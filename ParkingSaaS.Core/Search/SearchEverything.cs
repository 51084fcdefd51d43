using System.Globalization;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Invoices;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Names;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Passes;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Core.Vehicles;

namespace ParkingSaaS.Core.Search;

/// <summary>One search for a plate, an order, a lot, an area, a company, a lane, a berth, a device, a pass, an owner, an invoice or an account, within what
/// who asks may see. What is equal to the text comes first, then what begins with it, then what holds it; among these the newest. Lots, areas, companies,
/// lanes and accounts are also found by what readers of another language see for their names.</summary>
/// <remarks>No table is read as a whole but those of these five, which are small. So a short text finds beginnings only, and no plates; and where
/// more than <see cref="Most"/> rows have the text, the best of those that come first to hand are told.</remarks>
public sealed class SearchEverything(CitySessions sessions, CityNames names)
{
    /// <summary>The longest text, in characters.</summary>
    public const int MaxText = 64;

    /// <summary>The least characters that find what has them in its middle; fewer find beginnings only, and no plates.</summary>
    public const int Part = 3;

    /// <summary>The most hits of a kind.</summary>
    public const int MaxHits = 5;

    /// <summary>How many rows that match are looked at for the best.</summary>
    const int Most = 1000;

    /// <summary>Among how many of the newest orders a common part is looked for.</summary>
    const int Newest = 10_000;

    /// <summary>The least digits of a telephone that find somebody: fewer are in too many numbers.</summary>
    const int PhonePart = 4;

    /// <param name="text">What was typed: a part of a plate or name; a berth's number, a device's or an account's name; a pass's number; an order's id, or at
    /// least the first eight digits of it; a telephone, of which those who may see whole numbers may type a part; an invoice's whole number. Nothing finds
    /// nothing.</param>
    /// <returns>Hits by kind, at most <see cref="MaxHits"/> of each.</returns>
    public async Task<Result<IReadOnlyList<SearchHit>>> RunAsync(Actor actor, string? text, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, SearchPermissions.Use, ct);
        if (Check.Optional("Text", text, MaxText) is { } invalid)
            return invalid;
        var hits = new List<SearchHit>();
        if (text?.Trim().ToLowerInvariant() is not { Length: > 0 } typed)
            return hits;
        if (actor.May(OrderPermissions.View))
        {
            hits.AddRange(await CarsAsync(s, typed, ct));
            hits.AddRange(await OrdersAsync(s, typed, ct));
        }
        if (actor.May(LotPermissions.View))
        {
            hits.AddRange(await LotsAsync(s, typed, ct));
            hits.AddRange(await AreasAsync(s, typed, ct));
            hits.AddRange(await CompaniesAsync(s, typed, ct));
            hits.AddRange(await LanesAsync(s, typed, ct));
            hits.AddRange(await BerthsAsync(s, typed, ct));
        }
        if (actor.May(DevicePermissions.View))
            hits.AddRange(await DevicesAsync(s, typed, ct));
        if (actor.May(PassPermissions.View))
            hits.AddRange(await PassesAsync(s, typed, ct));
        if (actor.May(VehiclePermissions.ViewOwners))
            hits.AddRange(await OwnersAsync(s, typed, ct));
        if (actor.May(InvoicePermissions.View))
            hits.AddRange(await InvoicesAsync(s, typed, ct));
        if (actor.May(AccountPermissions.ManageUsers))
            hits.AddRange(await AccountsAsync(s, typed, ct));
        return hits;
    }

    static async Task<List<SearchHit>> CarsAsync(CitySession s, string typed, CancellationToken ct)
    {
        if (PlateParts.Of(typed) is not { } part || !FindsParts(part))
            return [];
        var orders = s.Db.Set<Order>();
        // With the id, which indexes of whole plates do not have: for a part they would be read from end to end.
        var seen = await orders.WithPlatePart(part).Select(o => new { o.Id, o.Plate, At = o.EnteredAt ?? o.ExitedAt ?? o.CreatedAt })
            .Take(Most).ToListAsync(ct);
        if (seen.Count == Most) // these are any, of a part that is common: then some of the newest orders have it as well
            seen.AddRange(await NewestFirst(NewestFirst(orders).Take(Newest).WithPlatePart(part))
                .Select(o => new { o.Id, o.Plate, At = o.EnteredAt ?? o.ExitedAt ?? o.CreatedAt }).Take(5 * MaxHits).ToListAsync(ct));
        var plates = seen.GroupBy(o => o.Plate, o => o.At).Select(g => (g.Key, Text: PlateParts.Of(g.Key)!, At: g.Max()))
            .OrderByDescending(p => p.Text == part).ThenByDescending(p => p.Text.StartsWith(part, StringComparison.Ordinal)).ThenByDescending(p => p.At)
            .Select(p => p.Key).Take(MaxHits);
        var cars = new List<SearchHit>();
        foreach (var plate in plates)
            cars.AddRange(await Stays(s, SearchKind.Car, NewestFirst(orders.Where(o => o.Plate == plate)).Take(1)).ToListAsync(ct));
        return cars;

        static IQueryable<Order> NewestFirst(IQueryable<Order> orders) =>
            orders.OrderByDescending(o => o.EnteredAt ?? o.ExitedAt ?? o.CreatedAt).ThenByDescending(o => o.Id); // in these words by ix_orders_start
    }

    /// <summary>An id begins with the time at which it was made, so eight digits are those of one minute.</summary>
    static async Task<List<SearchHit>> OrdersAsync(CitySession s, string typed, CancellationToken ct)
    {
        var digits = typed.Replace("-", "", StringComparison.Ordinal);
        if (digits.Length < 8 || !Guid.TryParseExact(digits.PadRight(32, '0'), "N", out var first)
            || !Guid.TryParseExact(digits.PadRight(32, 'f'), "N", out var last))
            return [];
        var orders = s.Db.Set<Order>().Where(o => o.Id >= first && o.Id <= last).OrderByDescending(o => o.Id);
        return await Stays(s, SearchKind.Order, orders.Take(MaxHits)).ToListAsync(ct);
    }

    static IQueryable<SearchHit> Stays(CitySession s, SearchKind kind, IQueryable<Order> orders) => orders.Select(o => new SearchHit
    {
        Kind = kind,
        Id = o.Id,
        Title = o.Plate ?? "",
        Detail = s.Db.Set<Lot>().First(l => l.Id == o.LotId).Name,
        LotId = o.LotId,
        Stay = o.State,
        At = o.EnteredAt ?? o.ExitedAt ?? o.CreatedAt
    });

    Task<List<SearchHit>> LotsAsync(CitySession s, string typed, CancellationToken ct) =>
        SmallAsync(SearchKind.Lot, s, s.Db.Set<Lot>().Where(l => l.RetiredAt == null).Select(l => new Candidate
        {
            Id = l.Id,
            LotId = l.Id,
            Text = l.Name,
            Title = l.Name,
            Detail = s.Db.Set<Area>().First(a => a.Id == l.AreaId).Name
        }), typed, ct);

    /// <summary>Areas that have a lot within reach, in them or below; of a branch nothing above it.</summary>
    async Task<List<SearchHit>> AreasAsync(CitySession s, string typed, CancellationToken ct)
    {
        var areas = s.Db.Set<Area>();
        var within = s.Actor.Scope.IsWholeCity ? null : await WithinAsync();
        return await SmallAsync(SearchKind.Area, s, areas.Where(a => within == null || within.Contains(a.Id)).Select(a => new Candidate
        {
            Id = a.Id,
            Text = a.Name,
            Title = a.Name,
            Detail = areas.Where(above => above.Id == a.ParentId).Select(above => above.Name).FirstOrDefault() ?? ""
        }), typed, ct);

        async Task<HashSet<Guid>> WithinAsync()
        {
            var parents = await areas.ToDictionaryAsync(a => a.Id, a => a.ParentId, ct);
            var found = new HashSet<Guid>();
            foreach (var lot in await s.Db.Set<Lot>().Select(l => l.AreaId).Distinct().ToListAsync(ct))
                for (Guid? at = lot; at is { } area && found.Add(area);)
                    at = area == s.Actor.Scope.AreaId ? null : parents[area];
            return found;
        }
    }

    Task<List<SearchHit>> CompaniesAsync(CitySession s, string typed, CancellationToken ct) =>
        SmallAsync(SearchKind.Company, s, s.Db.Set<Company>().Where(c => c.RetiredAt == null).Select(c => new Candidate
        {
            Id = c.Id,
            Text = c.Name,
            Title = c.Name,
            Detail = s.Db.Set<Area>().First(a => a.Id == c.AreaId).Name
        }), typed, ct);

    Task<List<SearchHit>> LanesAsync(CitySession s, string typed, CancellationToken ct) =>
        SmallAsync(SearchKind.Lane, s, s.Db.Set<Lane>().Where(l => l.RetiredAt == null).Select(l => new Candidate
        {
            Id = l.Id,
            LotId = l.LotId,
            Text = l.Name,
            Title = l.Name,
            Detail = s.Db.Set<Lot>().First(lot => lot.Id == l.LotId).Name
        }), typed, ct);

    static Task<List<SearchHit>> BerthsAsync(CitySession s, string typed, CancellationToken ct) =>
        BestAsync(SearchKind.Berth, s.Db.Set<Berth>().Where(b => b.RetiredAt == null).Select(b => new Candidate
        {
            Id = b.Id,
            LotId = b.LotId,
            Text = b.Number,
            Title = b.Number,
            Detail = s.Db.Set<Lot>().First(l => l.Id == b.LotId).Name
        }), typed, ct);

    static Task<List<SearchHit>> DevicesAsync(CitySession s, string typed, CancellationToken ct) =>
        BestAsync(SearchKind.Device, s.Db.Set<Device>().Where(d => d.RetiredAt == null).Select(d => new Candidate
        {
            Id = d.Id,
            LotId = d.LotId,
            Text = d.Name,
            Title = d.Name,
            Detail = s.Db.Set<Lot>().First(l => l.Id == d.LotId).Name
        }), typed, ct);

    static async Task<IEnumerable<SearchHit>> PassesAsync(CitySession s, string typed, CancellationToken ct)
    {
        var passes = s.Db.Set<Pass>();
        var numbered = long.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? await ListAsync(SearchKind.Pass, Rows(passes.Where(p => p.Number == number)), ct)
            : [];
        return Together(numbered, await BestAsync(SearchKind.Pass, Rows(passes), typed, ct));

        static IQueryable<Candidate> Rows(IQueryable<Pass> passes) => passes.Select(p => new Candidate
        {
            Id = p.Id,
            LotId = p.LotId,
            Text = p.Holder,
            Title = p.Number.ToString(),
            Detail = p.Holder
        });
    }

    /// <summary>Digit by digit a number could be found out by whoever does not see it: they find its owner by the whole one only.</summary>
    static async Task<IEnumerable<SearchHit>> OwnersAsync(CitySession s, string typed, CancellationToken ct)
    {
        var owners = s.Db.Set<Owner>();
        var whole = s.Actor.May(VehiclePermissions.ViewPhones);
        var called = Phone.Normalize(typed) is { } phone ? owners.Where(o => o.Phone == phone)
            : whole && typed.Length >= PhonePart && typed.All(char.IsAsciiDigit) ? owners.Where(o => o.Phone.ToLower().Contains(typed)).Take(Most)
            : null;
        var byPhone = called is null ? [] : await ListAsync(SearchKind.Owner, Rows(called).OrderByDescending(o => o.Id), ct);
        return Together(byPhone, await BestAsync(SearchKind.Owner, Rows(owners), typed, ct)).Select(o => Phone.Show(o.Detail, whole) is var shown
            ? o with { Title = o.Title.Length > 0 ? o.Title : shown, Detail = shown }
            : o);

        static IQueryable<Candidate> Rows(IQueryable<Owner> owners) => owners.Select(o => new Candidate
        {
            Id = o.Id,
            Text = o.Name,
            Title = o.Name,
            Detail = o.Phone
        });
    }

    static Task<List<SearchHit>> InvoicesAsync(CitySession s, string typed, CancellationToken ct) =>
        ListAsync(SearchKind.Invoice, s.Db.Set<Invoice>().Where(i => i.Number == typed || i.Serial == typed).Select(i => new Candidate
        {
            Id = i.Id,
            LotId = i.LotId,
            Title = typed,
            Detail = i.Buyer
        }), ct);

    Task<List<SearchHit>> AccountsAsync(CitySession s, string typed, CancellationToken ct) =>
        SmallAsync(SearchKind.Account, s, s.Db.Set<User>().Select(u => new Candidate
        {
            Id = u.Id,
            Text = u.UserName.ToLower().Contains(typed) ? u.UserName : u.DisplayName,
            Title = u.DisplayName,
            Detail = u.UserName
        }), typed, ct);

    /// <summary>The best of rows of which reading all costs little, also by what their titles are in another language.</summary>
    async Task<List<SearchHit>> SmallAsync(SearchKind kind, CitySession s, IQueryable<Candidate> rows, string typed, CancellationToken ct)
    {
        await names.LoadAsync(s.City.Code);
        var read = names.Given(s.City.Code);
        var (equal, begin, hold) = (Given(t => t.Equals(typed, Shown)), Given(t => t.StartsWith(typed, Shown)), Given(t => t.Contains(typed, Shown)));
        return await ListAsync(kind, rows.Where(r => r.Text.ToLower().Contains(typed) || hold.Contains(r.Title))
            .OrderByDescending(r => r.Text.ToLower() == typed || equal.Contains(r.Title))
            .ThenByDescending(r => r.Text.ToLower().StartsWith(typed) || begin.Contains(r.Title)).ThenByDescending(r => r.Id), ct);

        string[] Given(Func<string, bool> matches) => [.. read.Where(n => matches(n.Key)).SelectMany(n => n.Value)];
    }

    const StringComparison Shown = StringComparison.OrdinalIgnoreCase;

    /// <summary>The best of the rows whose text the typed one is in.</summary>
    static async Task<List<SearchHit>> BestAsync(SearchKind kind, IQueryable<Candidate> rows, string typed, CancellationToken ct)
    {
        var best = await ListAsync(kind, rows.Where(r => r.Text.ToLower().StartsWith(typed)).Take(Most)
            .OrderByDescending(r => r.Text.ToLower() == typed).ThenByDescending(r => r.Id), ct);
        if (best.Count < MaxHits && FindsParts(typed))
            best.AddRange(await ListAsync(kind, rows.Where(r => r.Text.ToLower().Contains(typed) && !r.Text.ToLower().StartsWith(typed)).Take(Most)
                .OrderByDescending(r => r.Id), ct));
        return [.. best.Take(MaxHits)];
    }

    static async Task<List<SearchHit>> ListAsync(SearchKind kind, IQueryable<Candidate> rows, CancellationToken ct) =>
        (await rows.Take(MaxHits).ToListAsync(ct))
            .ConvertAll(r => new SearchHit { Kind = kind, Id = r.Id, LotId = r.LotId, Title = r.Title, Detail = r.Detail });

    static IEnumerable<SearchHit> Together(IEnumerable<SearchHit> first, IEnumerable<SearchHit> then) =>
        first.Concat(then).DistinctBy(h => h.Id).Take(MaxHits);

    /// <summary>Whether an index on parts of texts knows the part: it keeps three characters in a row, of Latin letters, digits, and the ends of a
    /// word. Where the database's locale is C, as that of the private server, other letters end a word.</summary>
    public static bool FindsParts(string part) => part.Length >= Part && part.Count(char.IsAsciiLetterOrDigit) >= 2;

    /// <summary>A row that may be a hit.</summary>
    sealed class Candidate
    {
        public Guid Id { get; init; }
        public Guid? LotId { get; init; }

        /// <summary>What is compared with the typed text.</summary>
        public string Text { get; init; } = "";
        public string Title { get; init; } = "";
        public string Detail { get; init; } = "";
    }
}
