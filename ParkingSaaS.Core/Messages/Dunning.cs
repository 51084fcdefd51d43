using System.Globalization;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Finance;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Service;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Core.Vehicles;

namespace ParkingSaaS.Core.Messages;

/// <summary>Reminds owners of what their cars owe: a first time, a second and a last, each for all arrears of the car at once. Cars without an owner who can
/// be reached are left alone.</summary>
public sealed class Dunning(CitySessions sessions, WriteMessages write)
{
    /// <summary>So many cars at a time, the oldest arrears first: the next turn goes on.</summary>
    const int Most = 200;

    /// <summary>In so many days a car is reminded only so often.</summary>
    internal const int MonthDays = 30;

    /// <summary>More lots than that are not named.</summary>
    const int MostLots = 3;

    /// <summary>The arrears of which somebody may be reminded: what a person still has to look at is none of them. All that reminds goes by this.</summary>
    internal static IQueryable<Order> OrdersOf(CitySession s) => s.Db.Set<Order>().Where(Order.IsDemanded).Where(o => o.Plate != null
        && (o.Anomalies & (OrderAnomaly.Contradicted | OrderAnomaly.Misread)) == 0
        && !s.Db.Set<Review>().Any(r => r.OrderId == o.Id && r.State == ReviewState.Open) && !AppealedOrders.Of(s).Contains(o.Id));

    /// <summary>A car that owes, and its owner.</summary>
    /// <param name="Since">When it left first without paying.</param>
    sealed record Car(string Plate, long Owed, DateTimeOffset? Since, Owner Owner);

    /// <summary>A reminder that was given, or was to be.</summary>
    sealed record Given(string Plate, MessageScene Scene, Guid SubjectId, DateTimeOffset At, bool Withheld);

    /// <summary>Writes the reminders that are due, outside of quiet hours, where the city wants that.</summary>
    /// <returns>How many messages.</returns>
    public async Task<int> RunAsync(string city, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(SendMessages.JobOf(city), MessagePermissions.Send, ct);
        var rules = await MessageRules.OfAsync(s, ct);
        if (!rules.Reminds || rules.IsQuiet(TimeOnly.FromDateTime(s.City.Zone.Local(s.Now))))
            return 0;
        var texts = await WriteMessages.TextsAsync(s, [.. SceneKind.Arrears], ct);
        await using var transaction = await s.Db.Database.BeginTransactionAsync(ct);
        await s.LockAsync(CityLock.Messages, ct);
        var (least, left) = (rules.AtLeast.Minor, s.Now.AddDays(-rules.FirstAfterDays));
        var cars = await CarsOf(s, OrdersOf(s), least, left).ToListAsync(ct);
        var given = (await GivenAsync(s, [.. cars.Select(c => c.Plate)], ct)).ToLookup(g => g.Plate);
        var due = cars.Select(car => (car, Scene: Due(rules, car, [.. given[car.Plate]], s.Now)))
            .Where(x => x.Scene is { } scene && texts.Exists(t => t.Scene == scene)).Take(Most).ToList();
        var added = 0;
        foreach (var (car, scene) in due)
            added += await AddAsync(s, texts, car, scene!.Value, given[car.Plate], ct);
        await s.Db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return added;
    }

    /// <summary>Gives a car its next reminder before it is due. The limits hold: no more than a month allows, and none in quiet hours, whose end it waits
    /// for.</summary>
    public async Task<Result<Done>> RemindAsync(Actor actor, string plate, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, MessagePermissions.Remind, ct);
        if (!actor.Scope.IsWholeCity)
            return new NotFound("car");
        await using var transaction = await s.Db.Database.BeginTransactionAsync(ct);
        await s.LockAsync(CityLock.Messages, ct);
        if (await CarsOf(s, OrdersOf(s).Where(o => o.Plate == plate), least: 1, s.Now).FirstOrDefaultAsync(ct) is not { } car)
            return await OrdersOf(s).AnyAsync(o => o.Plate == plate, ct) ? new NobodyToTell() : new NothingToRemindOf();
        var rules = await MessageRules.OfAsync(s, ct);
        var given = await GivenAsync(s, [plate], ct);
        if (InMonth(given, s.Now) >= rules.MostPerMonth)
            return new RemindedEnough(rules.MostPerMonth);
        if (Next(car, given) is not { } scene)
            return new LastReminderSaid();
        var texts = await WriteMessages.TextsAsync(s, [scene], ct);
        if (texts.Count == 0)
            return new SceneSwitchedOff();
        if (await AddAsync(s, texts, car, scene, given, ct) == 0)
            return new NobodyToTell();
        if ((await s.SaveAsync(ct)).Error is { } error)
            return error;
        await transaction.CommitAsync(ct);
        return new Done();
    }

    /// <summary>The cars with owners that owe so much, and left so long ago, the oldest arrears first.</summary>
    static IQueryable<Car> CarsOf(CitySession s, IQueryable<Order> orders, long least, DateTimeOffset left) =>
        from car in orders.GroupBy(o => o.Plate!).Select(g => new { Plate = g.Key, Owed = g.AsQueryable().Sum(Order.Arrears), Since = g.Min(o => o.ExitedAt) })
        where car.Owed >= least && car.Since <= left
        join plate in s.Db.Set<OwnerPlate>() on car.Plate equals plate.Plate
        join owner in s.Db.Set<Owner>() on plate.OwnerId equals owner.Id
        orderby car.Since, car.Plate
        select new Car(car.Plate, car.Owed, car.Since, owner);

    /// <summary>The reminders of the cars, of two ways each once.</summary>
    static async Task<List<Given>> GivenAsync(CitySession s, List<string> plates, CancellationToken ct) => [.. (await s.Db.Set<Message>()
        .Where(m => m.Plate != null && plates.Contains(m.Plate) && SceneKind.Arrears.Contains(m.Scene) && !m.Test)
        .Select(m => new Given(m.Plate!, m.Scene, m.SubjectId, m.CreatedAt, m.State == MessageState.Withheld)).ToListAsync(ct))
        .OrderBy(g => g.Withheld).DistinctBy(g => (g.Scene, g.SubjectId))];

    static int InMonth(IEnumerable<Given> given, DateTimeOffset now) => given.Count(g => !g.Withheld && g.At > now.AddDays(-MonthDays));

    /// <summary>The reminder after those that were given since the car left first without paying; null after the last.</summary>
    static MessageScene? Next(Car car, IEnumerable<Given> given)
    {
        var last = given.Where(g => g.At >= car.Since).Select(g => (int)g.Scene).DefaultIfEmpty(-1).Max();
        return last + 1 < SceneKind.Arrears.Count ? SceneKind.Arrears[last + 1] : null;
    }

    /// <summary>The next reminder, where it is due: so many days after the car left, and so many after the one before.</summary>
    static MessageScene? Due(MessageRules rules, Car car, IReadOnlyList<Given> given, DateTimeOffset now)
    {
        if (Next(car, given) is not { } scene || InMonth(given, now) >= rules.MostPerMonth)
            return null;
        var step = (int)scene;
        var before = step == 0 ? null : given.Where(g => g.At >= car.Since).Max(g => (DateTimeOffset?)g.At);
        return car.Since <= now.AddDays(-rules.AfterDays(step)) && !(before > now.AddDays(rules.AfterDays(step - 1) - rules.AfterDays(step))) ? scene : null;
    }

    async Task<int> AddAsync(CitySession s, IReadOnlyList<SceneText> texts, Car car, MessageScene scene, IEnumerable<Given> given, CancellationToken ct)
    {
        var orders = await OrdersOf(s).Where(o => o.Plate == car.Plate).OrderBy(o => o.ExitedAt).ThenBy(o => o.Id)
            .Select(o => new { o.Id, Lot = s.Db.Set<Lot>().Where(l => l.Id == o.LotId).Select(l => l.Name).First() }).ToListAsync(ct);
        if (given.Any(g => (g.Scene, g.SubjectId) == (scene, orders[0].Id)))
            return 0; // somebody changed since when the car owes
        var lots = orders.Select(o => o.Lot).Distinct().ToList();
        return await write.AddAsync(s, texts, new Told(scene, orders[0].Id, Recipient.Of(car.Owner), language => new Dictionary<string, string>
        {
            ["plate"] = car.Plate,
            ["amount"] = s.City.Currency.Text(new Money(car.Owed)),
            ["count"] = orders.Count.ToString(CultureInfo.InvariantCulture),
            ["lots"] = string.Join(language is OwnerLanguage.English ? ", " : "、", lots.Take(MostLots).Select(l => write.Name(s.City, language, l)))
                + (lots.Count > MostLots ? "…" : ""),
            ["since"] = WriteMessages.Day(s.City.Zone.Date(car.Since!.Value))
        })
        {
            Plate = car.Plate,
            OrderIds = orders.ConvertAll(o => o.Id)
        });
    }
}
