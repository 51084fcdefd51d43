using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Payments;

/// <summary>There is another bill of that day already.</summary>
public sealed record BillKnown() : Error("payments.bill-known");

/// <summary>Takes a bill of a payment channel that a person downloaded, or that <see cref="FetchBills"/> did. The same once more changes nothing.</summary>
public sealed class TakeBill(CitySessions sessions)
{
    /// <summary>Larger files are not read; that is some 200,000 lines.</summary>
    public const int MaxBytes = BillFile.MaxBytes;

    /// <param name="day">The day that it is of, before today.</param>
    /// <param name="file">As the channel hands it out: text in UTF-8 or GB 18030, as it is or packed (zip, gzip).</param>
    /// <exception cref="AccessDeniedException">The actor may not see bills.</exception>
    public Task<Result<Done>> RunAsync(Actor actor, Guid? accountId, DateOnly? day, byte[]? file, CancellationToken ct) =>
        TakePayment.RaceAsync(() => TakeAsync(actor, accountId, day, file, ct));

    async Task<Result<Done>> TakeAsync(Actor actor, Guid? accountId, DateOnly? day, byte[]? file, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, PaymentPermissions.Bills, ct);
        if ((Check.That(accountId is not null, "AccountId", "required") ?? Check.That(day is not null, "Day", "required")
            ?? Check.That(day < s.City.Zone.Date(s.Now), "Day", "out-of-range") ?? Check.That(file is { Length: > 0 }, "File", "required")) is { } invalid)
            return invalid;
        if (await s.Db.Set<ChannelAccount>().AsNoTracking().FirstOrDefaultAsync(a => a.Id == accountId, ct) is not { } account)
            return new NotFound("channel-account");
        var id = Guid.CreateVersion7();
        if (!BillFile.Read(file!, id, account, day!.Value, s.City.Zone).Try(out var rows, out var error))
            return error;
        return await SaveAsync(s, id, account, day.Value, rows, ct);
    }

    internal static async Task<Result<Done>> SaveAsync(CitySession s, Guid id, ChannelAccount account, DateOnly day, List<ChannelBillRow> rows,
        CancellationToken ct)
    {
        var (paid, refunded) = (BillFile.Paid(rows), BillFile.Refunded(rows));
        await using var transaction = await s.Db.Database.BeginTransactionAsync(ct);
        if (await s.Db.Set<ChannelBill>().FirstOrDefaultAsync(b => b.AccountId == account.Id && b.Day == day, ct) is { } known)
            return (known.Rows, known.Paid, known.Refunded) == (rows.Count, paid, refunded) ? new Done() : new BillKnown();
        s.Db.Add(new ChannelBill
        {
            Id = id,
            AccountId = account.Id,
            Day = day,
            Rows = rows.Count,
            Paid = paid,
            Refunded = refunded,
            TakenBy = s.Actor.Name,
            TakenAt = s.Now
        });
        s.Db.AddRange(rows);
        if ((await CitySession.SaveAsync(s.Db.SaveManyAsync, ct)).Error is { } changed)
            return changed;
        await transaction.CommitAsync(ct);
        return new Done();
    }
}
