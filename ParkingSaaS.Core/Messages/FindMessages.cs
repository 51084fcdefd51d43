using System.Globalization;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Passes;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Core.Vehicles;

namespace ParkingSaaS.Core.Messages;

/// <summary>Finds what happened since the city began to say it: payments that came, money that went back, passes that end. Running it again adds
/// nothing.</summary>
public sealed class FindMessages(CitySessions sessions, WriteMessages write)
{
    /// <summary>What nobody was told of within a day is no news any more.</summary>
    static readonly TimeSpan News = TimeSpan.FromDays(1);

    /// <summary>So many of a scene at a time, the oldest first.</summary>
    const int Most = 500;

    static readonly MessageScene[] Scenes = [MessageScene.PaymentReceived, MessageScene.RefundPaid, MessageScene.PassEnding];

    /// <returns>How many messages were written.</returns>
    public async Task<int> RunAsync(string city, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(SendMessages.JobOf(city), MessagePermissions.Send, ct);
        var texts = await WriteMessages.TextsAsync(s, Scenes, ct);
        if (texts.Count == 0)
            return 0;
        await using var transaction = await s.Db.Database.BeginTransactionAsync(ct);
        await s.LockAsync(CityLock.Messages, ct);
        var told = new List<Told>();
        foreach (var scene in Scenes)
            if (texts.Where(t => t.Scene == scene).Min(t => t.Since) is { } since)
                told.AddRange(scene is MessageScene.PassEnding ? await PassesAsync(s, ct) : await PaymentsAsync(s, scene, since, ct));
        var added = 0;
        foreach (var each in told)
            added += await write.AddAsync(s, texts, each);
        await s.Db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return added;
    }

    async Task<List<Told>> PaymentsAsync(CitySession s, MessageScene scene, DateTimeOffset since, CancellationToken ct)
    {
        var (back, from) = (scene is MessageScene.RefundPaid, since > s.Now - News ? since : s.Now - News);
        var day = s.City.Zone.Date(from);
        var payments = await s.Db.Set<Payment>().AsNoTracking()
            .Where(p => p.BusinessDate >= day && p.State == PaymentState.Succeeded && p.PaidAt >= from && p.Amount.Minor < 0 == back
                && !s.Db.Set<Message>().Any(m => m.Scene == scene && m.SubjectId == p.Id))
            .OrderBy(p => p.PaidAt).Take(Most)
            .Select(p => new
            {
                p.Id,
                p.Amount,
                p.PaidAt,
                Lot = s.Db.Set<Lot>().Where(l => l.Id == p.LotId).Select(l => l.Name).First(),
                Order = s.Db.Set<Order>().Where(o => o.Id == p.PayableId).Select(o => new { o.Id, o.Plate }).FirstOrDefault(),
                Pass = s.Db.Set<Pass>().Where(x => x.Id == p.PayableId || s.Db.Set<PassPeriod>().Any(r => r.Id == p.PayableId && r.PassId == x.Id))
                    .Select(x => new
                    {
                        x.Id,
                        x.Phone,
                        Plate = s.Db.Set<PassPlate>().Where(k => k.PassId == x.Id && k.Until == null).Select(k => k.Plate).FirstOrDefault()
                    })
                    .FirstOrDefault()
            }).ToListAsync(ct);
        var owners = await OwnersAsync(s, [.. payments.Select(p => p.Order?.Plate).OfType<string>()], [.. payments.Select(p => p.Pass?.Phone).OfType<string>()],
            ct);
        return [.. from p in payments
                   let to = p.Pass is { } pass ? owners.Holder(pass.Phone) : owners.Of(p.Order?.Plate)
                   where to is not null
                   let plate = p.Pass is { } held ? held.Plate : p.Order!.Plate
                   select new Told(scene, p.Id, to, language => new Dictionary<string, string>
                   {
                       ["plate"] = plate ?? "",
                       ["amount"] = s.City.Currency.Text(back ? Money.Zero - p.Amount : p.Amount),
                       ["lot"] = write.Name(s.City, language, p.Lot),
                       ["time"] = WriteMessages.Time(s.City, p.PaidAt!.Value)
                   })
                   {
                       Plate = plate,
                       OrderIds = p.Order is { } order ? [order.Id] : [],
                       PassId = p.Pass?.Id
                   }];
    }

    static async Task<List<Told>> PassesAsync(CitySession s, CancellationToken ct)
    {
        var today = s.City.Zone.Date(s.Now);
        var soon = today.AddDays(PassUpkeep.RenewAhead);
        var passes = await (from pass in s.Db.Set<Pass>().AsNoTracking()
                            where pass.State == PassState.Active && pass.Until >= today && pass.Until <= soon
                            let last = s.Db.Set<PassPeriod>().Where(p => p.PassId == pass.Id && p.State == PassPeriodState.Paid)
                                .OrderByDescending(p => p.Until).Select(p => (Guid?)p.Id).FirstOrDefault()
                            where last != null && !s.Db.Set<Message>().Any(m => m.Scene == MessageScene.PassEnding && m.SubjectId == last)
                            orderby pass.Until, pass.Id
                            select new
                            {
                                pass.Id,
                                pass.Number,
                                pass.Phone,
                                pass.Until,
                                Last = last.Value,
                                Plate = s.Db.Set<PassPlate>().Where(k => k.PassId == pass.Id && k.Until == null).Select(k => k.Plate).FirstOrDefault()
                            }).Take(Most).ToListAsync(ct);
        var owners = await OwnersAsync(s, [], [.. passes.Select(p => p.Phone)], ct);
        return passes.ConvertAll(p => new Told(MessageScene.PassEnding, p.Last, owners.Holder(p.Phone), _ => new Dictionary<string, string>
        {
            ["plate"] = p.Plate ?? "",
            ["number"] = p.Number.ToString(CultureInfo.InvariantCulture),
            ["until"] = WriteMessages.Day(p.Until)
        })
        {
            Plate = p.Plate,
            PassId = p.Id
        });
    }

    /// <summary>Whose the plates and the telephones are.</summary>
    static async Task<Owners> OwnersAsync(CitySession s, List<string> plates, List<string> phones, CancellationToken ct) => new(
        await s.Db.Set<OwnerPlate>().Where(p => plates.Contains(p.Plate)).Join(s.Db.Set<Owner>(), p => p.OwnerId, o => o.Id, (p, o) => new { p.Plate, o })
            .ToDictionaryAsync(x => x.Plate, x => Recipient.Of(x.o), ct),
        await s.Db.Set<Owner>().AsNoTracking().Where(o => phones.Contains(o.Phone)).ToDictionaryAsync(o => o.Phone, Recipient.Of, ct));

    sealed record Owners(IReadOnlyDictionary<string, Recipient> ByPlate, IReadOnlyDictionary<string, Recipient> ByPhone)
    {
        public Recipient? Of(string? plate) => plate is null ? null : ByPlate.GetValueOrDefault(plate);

        /// <summary>Who holds a pass need not be an owner.</summary>
        public Recipient Holder(string phone) => ByPhone.GetValueOrDefault(phone) ?? new Recipient(phone, null, OwnerLanguage.Chinese);
    }
}
