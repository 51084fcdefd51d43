using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Core.Vehicles;

namespace ParkingSaaS.Core.Passes;

/// <summary>Passes for a company, as pasted or uploaded.</summary>
/// <param name="BatchId">Made up by the form, so that a second click is the same sale.</param>
/// <param name="ProductId">The product; one that is bound to plates.</param>
/// <param name="Text">A <see cref="TextTable"/> of at most <see cref="SellPasses.MaxLength"/> characters with a row for each pass: plates,
/// holder, telephone; several plates are parted by blanks or slashes. A first row that names the columns is passed over.</param>
/// <param name="Price">The price of one pass that was shown.</param>
public sealed record PassBatch(Guid BatchId, Guid ProductId, string Text, Money Price)
{
    /// <summary>The lot in whose books the money stands.</summary>
    public Guid? LotId { get; init; }

    public VehicleKind Vehicle { get; init; }

    /// <summary>The first day; null for today.</summary>
    public DateOnly? From { get; init; }

    public int Terms { get; init; } = 1;

    /// <summary>Lay the next terms ready before the end.</summary>
    public bool AutoRenew { get; init; }
}

/// <summary>What is wrong with a line.</summary>
/// <param name="Line">Its number, from 1.</param>
/// <param name="Error">The rule that says no.</param>
public sealed record PassBatchProblem(int Line, Error Error);

/// <summary>What became of a batch: the passes, or what is wrong, line by line; then nothing was sold.</summary>
public sealed record PassBatchAnswer(int Sold, IReadOnlyList<PassBatchProblem> Problems)
{
    /// <summary>Plates of no known form, which were taken as foreign ones.</summary>
    public IReadOnlyList<string> Foreign { get; init; } = [];
}

/// <summary>Sells many passes at once: all or none.</summary>
public sealed class SellPasses(CitySessions sessions, LiveFeed live)
{
    /// <summary>The most passes at once.</summary>
    public const int Most = 1000;

    /// <summary>The most bytes, and characters, that are read.</summary>
    public const int MaxLength = 1_000_000;

    static readonly char[] PlateBreaks = [' ', '/', '、', '|', '\r', '\n'];

    /// <exception cref="AccessDeniedException">The actor may not sell.</exception>
    public async Task<Result<PassBatchAnswer>> RunAsync(Actor actor, PassBatch batch, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, PassPermissions.Sell, ct);
        if (Check.That(batch.Text is null or { Length: <= MaxLength }, "Text", "too-long") is { } tooLong)
            return tooLong;
        if (!TextTable.Read(batch.Text ?? "").Try(out var rows, out var unread))
            return unread;
        if (rows.Count > 0 && Plate.Normalize(rows[0][0]) is null)
            rows.RemoveAt(0);
        if ((Check.That(rows.Count > 0, "Text", "required") ?? Check.Most("Text", rows.Count, Most)) is { } invalid)
            return invalid;
        await using var transaction = await s.Db.Database.BeginTransactionAsync(ct);
        await s.LockAsync(CityLock.Passes, ct);
        if (await s.Db.Set<Pass>().CountAsync(p => p.BatchId == batch.BatchId, ct) is > 0 and var known)
            return new PassBatchAnswer(known, []);
        var problems = new List<PassBatchProblem>();
        var seen = new HashSet<string>();
        foreach (var row in rows)
        {
            var plates = row[0].Split(PlateBreaks, StringSplitOptions.RemoveEmptyEntries);
            var sale = new PassSale(Guid.CreateVersion7(), batch.ProductId, row[1], row[2], plates, batch.Price)
            {
                LotId = batch.LotId,
                Vehicle = batch.Vehicle,
                From = batch.From,
                Terms = batch.Terms,
                AutoRenew = batch.AutoRenew,
                Foreign = true
            };
            // What is in a line above is not in the database yet.
            var twice = plates.Select(PlateGrammar.Normalize).OfType<string>().FirstOrDefault(p => !seen.Add(p));
            if (twice is not null)
                problems.Add(new(row.Line, new PlateTwice(twice)));
            else if ((await PassSales.AddAsync(s, sale, onLine: false, batch.BatchId, ct)).Error is { } error)
                problems.Add(new(row.Line, error));
        }
        if (problems.Count > 0)
            return new PassBatchAnswer(0, problems);
        if ((await s.SaveAsync(ct)).Error is { } changed)
            return changed;
        await transaction.CommitAsync(ct);
        live.Publish(s.City.Code, [.. s.Db.Set<Pass>().Local.Select(p => new LiveNotice(LiveKind.Pass, p.LotId, p.Id))]);
        return new PassBatchAnswer(rows.Count, []) { Foreign = [.. seen.Where(TypedPlate.IsForeign)] };
    }
}

/// <summary>Reviews, and takes the money for, all passes that were sold together.</summary>
public sealed class SettlePasses(CitySessions sessions, PassPayments payments, LiveFeed live)
{
    /// <summary>A second person agrees to all that wait for it.</summary>
    /// <returns>How many.</returns>
    /// <exception cref="AccessDeniedException">The actor may not review.</exception>
    public async Task<Result<int>> AgreeAsync(Actor actor, Guid batchId, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, PassPermissions.Review, ct);
        var passes = await s.Db.Set<Pass>().Where(p => p.BatchId == batchId && p.State == PassState.PendingReview).ToListAsync(ct);
        if (passes.Exists(p => p.SoldBy == actor.Id))
            return new SamePerson();
        foreach (var pass in passes)
        {
            pass.Go(PassState.AwaitingPayment);
            PassOperation.Log(s, pass, PassOperationKind.Agreed);
        }
        return (await s.SaveAsync(ct)).Error is { } error ? error : passes.Count;
    }

    /// <summary>The company has transferred the money for all that wait for it.</summary>
    /// <param name="actor">Who takes money.</param>
    /// <param name="batchId">What was sold together.</param>
    /// <param name="total">What was shown, and came.</param>
    /// <param name="reference">The transfer's number.</param>
    /// <returns>How many passes it paid.</returns>
    /// <exception cref="AccessDeniedException">The actor may not take money.</exception>
    public async Task<Result<int>> PayAsync(Actor actor, Guid batchId, Money total, string? reference, CancellationToken ct)
    {
        if (Check.Required("Reference", reference, 100) is { } invalid)
            return invalid;
        return await TakePayment.RaceAsync(() => PayOnceAsync(actor, batchId, total, reference!, ct));
    }

    async Task<Result<int>> PayOnceAsync(Actor actor, Guid batchId, Money total, string reference, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, PaymentPermissions.Cash, ct);
        await using var transaction = await s.Db.Database.BeginTransactionAsync(ct);
        var open = await s.Db.Set<PassPeriod>().Where(p => p.State == PassPeriodState.Open
            && s.Db.Set<Pass>().Any(x => x.Id == p.PassId && x.BatchId == batchId && x.State == PassState.AwaitingPayment)).ToListAsync(ct);
        if (open.Count == 0)
            return new NothingOwed();
        if (new Money(open.Sum(p => p.Price.Minor)) is var owed && owed != total)
            return new AmountChanged(owed, s.City.Currency);
        var (afterwards, notices) = (new List<Action>(), new List<LiveNotice>());
        foreach (var period in open)
        {
            var payment = await TakePayment.BookAsync(s, Guid.CreateVersion7(), period.LotId, PassPayments.Code, period.Id, "transfer", period.Price,
                reference, ct);
            notices.Add(TakePayment.Notice(payment));
            afterwards.Add(await payments.ReceivedAsync(s, payment, ct));
        }
        if ((await s.SaveAsync(ct)).Error is { } error)
            return error;
        await transaction.CommitAsync(CancellationToken.None); // the money is taken
        afterwards.ForEach(tell => tell());
        live.Publish(s.City.Code, notices);
        return open.Count;
    }
}
