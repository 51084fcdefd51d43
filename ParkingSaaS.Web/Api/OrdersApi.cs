using System.Buffers.Text;
using System.ComponentModel;
using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Core.Vehicles;

namespace ParkingSaaS.Web.Api;

/// <summary>Orders for partners: those that began last first, page by page. The index <c>ix_orders_start</c> serves times and pages alike.</summary>
static class OrdersApi
{
    /// <summary>The most orders of a page.</summary>
    public const int MaxLimit = 200;

    const int UsualLimit = 50;

    public static async Task<IResult> ListAsync(
        ApiCaller caller, CitySessions sessions, CancellationToken ct,
        [Description("Only this plate; spaces, dots and case do not matter.")] string? plate = null,
        [Description("Only the lot of this id.")] string? lot = null,
        [Description("Only stays that began at this time or later: ISO 8601; without an offset on the city's clock.")] string? from = null,
        [Description("Only stays that began before this time.")] string? to = null,
        [Description("Orders of a page, 1 to 200; 50 unless given.")] string? limit = null,
        [Description("The next of the page before.")] string? after = null)
    {
        await using var s = await sessions.OpenAsync(caller.Actor, OrderPermissions.View, ct);
        var zone = s.City.Zone;
        var problems = new List<TariffProblem>();
        var normal = PlateGrammar.Normalize(plate);
        if (plate is not null && (normal is null || normal.Length > Plate.MaxLength))
            problems.Add(new("plate", "plate.invalid", $"Must be a plate of at most {Plate.MaxLength} characters"));
        var lotId = Guid.Empty;
        if (lot is not null && !Guid.TryParse(lot, out lotId))
            problems.Add(new("lot", "id.invalid", "Must be the id of a lot"));
        var (begin, end) = (Time("from", from), Time("to", to));
        var size = UsualLimit;
        if (limit is not null && (!int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out size) || size is < 1 or > MaxLimit))
            problems.Add(new("limit", "number.range", $"Must be from 1 to {MaxLimit}"));
        (DateTimeOffset At, Guid Id)? last = null;
        if (after is not null && (last = Place(after)) is null)
            problems.Add(new("after", "after.invalid", "Must be the next of another page"));
        if (problems.Count > 0)
            return ApiProblem.Invalid(problems);

        var orders = s.Db.Set<Order>().AsNoTracking();
        if (normal is not null)
            orders = orders.Where(o => o.Plate == normal);
        if (lot is not null)
            orders = orders.Where(o => o.LotId == lotId);
        if (begin is not null)
            orders = orders.Where(o => (o.EnteredAt ?? o.ExitedAt ?? o.CreatedAt) >= begin);
        if (end is not null)
            orders = orders.Where(o => (o.EnteredAt ?? o.ExitedAt ?? o.CreatedAt) < end);
        if (last is var (lastAt, lastId))
            orders = orders.Where(o => EF.Functions.LessThan(
                ValueTuple.Create(o.EnteredAt ?? o.ExitedAt ?? o.CreatedAt, o.Id), ValueTuple.Create(lastAt, lastId)));
        var page = await orders.OrderByDescending(o => o.EnteredAt ?? o.ExitedAt ?? o.CreatedAt).ThenByDescending(o => o.Id).Take(size + 1).ToListAsync(ct);
        return Results.Json(new ApiOrders(
            [.. page.Take(size).Select(o => new ApiOrder(o.Id, o.Plate, o.LotId, Local(o.EnteredAt), Local(o.ExitedAt), o.State,
                s.City.Currency.Plain(o.Receivable), s.City.Currency.Plain(o.Received)))],
            page.Count > size ? Name(page[size - 1].Start, page[size - 1].Id) : null));

        DateTimeOffset? Time(string name, string? text)
        {
            // In an address, a plus that was not encoded arrives as a space.
            var at = Instants.TryParse(text?.Replace(' ', '+'), zone);
            if (text is not null && at is not { Year: > 1 and < 9999 })
                problems.Add(new(name, "time.invalid", Instants.Expected));
            return at;
        }

        DateTimeOffset? Local(DateTimeOffset? at) => at is { } instant ? zone.WithOffset(instant) : null;
    }

    /// <summary>Where a page ended, as a word that callers hand back unread.</summary>
    static string Name(DateTimeOffset at, Guid id) => Base64Url.EncodeToString(Encoding.ASCII.GetBytes($"{at.UtcTicks}.{id:N}"));

    static (DateTimeOffset, Guid)? Place(string name)
    {
        if (name.Length > 100 || !Base64Url.IsValid(name))
            return null;
        var parts = Encoding.ASCII.GetString(Base64Url.DecodeFromChars(name)).Split('.');
        return parts is [var ticks, var id] && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
            && at < DateTime.MaxValue.Ticks && Guid.TryParseExact(id, "N", out var guid) ? (new DateTimeOffset(at, TimeSpan.Zero), guid) : null;
    }
}

/// <summary>A page of orders.</summary>
/// <param name="Items">The orders; the stay that began last first.</param>
/// <param name="Next">What to hand in as <c>after</c> for the next page; null on the last.</param>
sealed record ApiOrders(IReadOnlyList<ApiOrder> Items, string? Next);

/// <summary>A stay.</summary>
/// <param name="Plate">Null where none was read.</param>
/// <param name="Lot">Id of the lot.</param>
/// <param name="EnteredAt">With the city's offset; null where the entry is unknown.</param>
/// <param name="ExitedAt">With the city's offset; null while the car is in.</param>
/// <param name="State">Where the stay stands.</param>
/// <param name="Receivable">The fee as last worked out, nothing of a struck-out order, in the city's currency with all its decimals, such
/// as <c>"12.50"</c>.</param>
/// <param name="Received">What was paid.</param>
sealed record ApiOrder(Guid Id, string? Plate, Guid Lot, DateTimeOffset? EnteredAt, DateTimeOffset? ExitedAt, OrderState State,
    string Receivable, string Received);
