using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Finance.Clearing;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Finance.Clearing;

/// <summary>A period that was shared out, with all of its statements.</summary>
public sealed record ClearingView(City City, ClearingRun Run, IReadOnlyList<ClearingView.Statement> Statements)
{
    /// <param name="Lines">Those of lots within reach; for whoever sees the whole city, all.</param>
    public sealed record Statement(ClearingStatement Row, IReadOnlyList<Line> Lines)
    {
        public Money Amount => Sum(Lines, l => l.Row.Amount);
    }

    public sealed record Line(ClearingLine Row, string Lot);

    /// <summary>Its days.</summary>
    public string Period => Days(Run.From, Run.To);

    /// <summary>What lots took in of which somebody gets a part, each lot's days once.</summary>
    public Money Base => Sum(Statements.SelectMany(x => x.Lines).Select(l => l.Row).DistinctBy(l => (l.LotId, l.From)), l => l.Base);

    public Money Shared => Sum(Statements, x => x.Amount);

    /// <summary>Null where nothing of it is within the session's reach.</summary>
    public static async Task<ClearingView?> ReadAsync(CitySession s, Guid id, CancellationToken ct)
    {
        if (await s.Db.Set<ClearingRun>().AsNoTracking().FirstOrDefaultAsync(c => c.Id == id, ct) is not { } run)
            return null;
        var statements = await s.Db.Set<ClearingStatement>().AsNoTracking().Where(x => x.RunId == id).OrderBy(x => x.Party).ToListAsync(ct);
        var ids = statements.ConvertAll(x => x.Id);
        var lines = await s.Db.Set<ClearingLine>().AsNoTracking().Where(l => ids.Contains(l.StatementId))
            .Join(s.Db.Set<Lot>(), l => l.LotId, l => l.Id, (line, lot) => new Line(line, lot.Name)).ToListAsync(ct);
        return lines.Count == 0 ? null : new ClearingView(s.City, run,
        [
            .. statements.Select(x => new Statement(x, [.. lines.Where(l => l.Row.StatementId == x.Id)
                .OrderBy(l => l.Lot, StringComparer.Ordinal).ThenBy(l => l.Row.From)])).Where(x => x.Lines.Count > 0)
        ]);
    }

    /// <summary>A period, <c>2026-11-01 – 2026-11-30</c>; a day alone.</summary>
    public static string Days(DateOnly from, DateOnly to) => from == to ? Show.Day(from) : $"{Show.Day(from)} – {Show.Day(to)}";

    static Money Sum<T>(IEnumerable<T> rows, Func<T, Money> of) => rows.Aggregate(Money.Zero, (all, row) => all + of(row));
}
