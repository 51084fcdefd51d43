using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using ParkingSaaS.Core.Calendars;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Names;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Reports;

/// <summary>The price board (明码标价牌) of a tariff as a PDF in both languages.</summary>
static class PriceBoardFile
{
    /// <summary>The languages of a board, that of the place first.</summary>
    static readonly CultureInfo[] Languages = [CultureInfo.GetCultureInfo("zh-CN"), CultureInfo.GetCultureInfo("en")];

    /// <summary>The least and the largest type of an A4 sheet, in points; on A3, a sheet twice as large, it is as much larger.</summary>
    const int Least = 11, Most = 23;

    const double OfA3 = 1.41;

    /// <summary><c>version</c> is a published one, that in force unless given; with <c>lot</c> the board bears the name of a lot that uses the
    /// tariff; <c>paper</c> is A4 or A3. What the person may not see, and a draft, is not there.</summary>
    public static void MapPriceBoard(this IEndpointRouteBuilder app) => app.MapGet("/tariffs/{id:guid}/board.pdf",
        async (HttpContext http, Guid id, Guid? version, Guid? lot, string? paper, CitySessions sessions, PdfPrinter printer, Principals principals,
            IStringLocalizer<Texts> texts, CityNames names, CancellationToken ct) =>
        {
            PriceBoard? board;
            await using (var s = await sessions.OpenAsync(principals.ActorOf(http.User), TariffPermissions.View, ct))
                board = await ReadAsync(s, id, version, lot, ct);
            if (board is null || paper is not (null or "A4" or "A3"))
                return Results.NotFound();
            var printed = await PrintAsync(printer, board, paper is "A3", ct);
            return PdfPrinter.Answer(printed, $"{texts["Price board"]} {names.Of(board.City, board.Lot ?? board.Tariff.Name)} {paper ?? "A4"}", texts);
        }).RequireAuthorization(TariffPermissions.View);

    /// <summary>In the largest type with which it is one page; in the smallest where it is never one.</summary>
    static async Task<Result<byte[]>> PrintAsync(PdfPrinter printer, PriceBoard board, bool large, CancellationToken ct)
    {
        var (least, most) = (Least, Most);
        Result<byte[]>? fits = null;
        while (true)
        {
            var points = (least + most) / 2;
            var printed = await printer.PrintAsync<PriceBoardPaper>(new Dictionary<string, object?>
            {
                [nameof(PriceBoardPaper.Board)] = board,
                [nameof(PriceBoardPaper.Languages)] = Languages,
                [nameof(PriceBoardPaper.Large)] = large,
                [nameof(PriceBoardPaper.Points)] = points * (large ? OfA3 : 1)
            }, ct);
            if (!printed.Try(out var pdf, out _))
                return printed;
            if (PdfPrinter.Pages(pdf) == 1)
                (fits, least) = (printed, points + 1);
            else
                most = points - 1;
            if (least > most)
                return fits ?? printed;
        }
    }

    static async Task<PriceBoard?> ReadAsync(CitySession s, Guid tariff, Guid? version, Guid? lot, CancellationToken ct)
    {
        var place = lot is null ? null : await s.Db.Set<LotTariff>().Where(a => a.TariffId == tariff && a.LotId == lot && a.UsedUntil == null)
            .Join(s.Db.Set<Lot>(), a => a.LotId, l => l.Id, (_, l) => new { l.Name, l.CalendarId }).FirstOrDefaultAsync(ct);
        var published = s.Db.Set<TariffVersion>().AsNoTracking().Where(v => v.TariffId == tariff && v.PublishedAt != null);
        var shown = await (version is null ? published.InForce(s.Now) : published.Where(v => v.Id == version)).FirstOrDefaultAsync(ct);
        if (shown is null || (lot is not null && place is null))
            return null;
        var (today, calendar) = (s.City.Zone.Date(s.Now), place?.CalendarId);
        var days = await s.Db.Set<CalendarDay>().AsNoTracking()
            .Where(d => d.Date >= today && s.Db.Set<DayCalendar>().Any(c => c.Id == d.CalendarId && (calendar == null ? c.IsDefault : c.Id == calendar)))
            .OrderBy(d => d.Date).ToListAsync(ct);
        return new PriceBoard(s.City, shown.Read().Tariff!, shown.Number, shown.EffectiveFrom!.Value, place?.Name, days);
    }
}

/// <summary>What a price board says.</summary>
/// <param name="City">Whose prices they are.</param>
/// <param name="Tariff">The prices.</param>
/// <param name="Version">The number of the published version.</param>
/// <param name="EffectiveFrom">From when on entries are priced by it.</param>
/// <param name="Lot">Where the board hangs; null for a board of the tariff.</param>
/// <param name="Days">From today on what the lot's calendar says of dates, else that of the city, in their order.</param>
public sealed record PriceBoard(City City, Tariff Tariff, int Version, DateTimeOffset EffectiveFrom, string? Lot, IReadOnlyList<CalendarDay> Days);
