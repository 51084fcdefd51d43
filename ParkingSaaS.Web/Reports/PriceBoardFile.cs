using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Reports;

/// <summary>The price board (明码标价牌) of a tariff as a PDF in both languages.</summary>
static class PriceBoardFile
{
    /// <summary>The languages of a board, that of the place first.</summary>
    static readonly CultureInfo[] Languages = [CultureInfo.GetCultureInfo("zh-CN"), CultureInfo.GetCultureInfo("en")];

    /// <summary><c>version</c> is a published one, that in force unless given; with <c>lot</c> the board bears the name of a lot that uses the
    /// tariff; <c>paper</c> is A4 or A3. What the person may not see, and a draft, is not there.</summary>
    public static void MapPriceBoard(this IEndpointRouteBuilder app) => app.MapGet("/tariffs/{id:guid}/board.pdf",
        async (HttpContext http, Guid id, Guid? version, Guid? lot, string? paper, CitySessions sessions, PdfPrinter printer, Principals principals,
            IStringLocalizer<Texts> texts, CancellationToken ct) =>
        {
            PriceBoard? board;
            await using (var s = await sessions.OpenAsync(principals.ActorOf(http.User), TariffPermissions.View, ct))
                board = await ReadAsync(s, id, version, lot, ct);
            if (board is null || paper is not (null or "A4" or "A3"))
                return Results.NotFound();
            var printed = await printer.PrintAsync<PriceBoardPaper>(new Dictionary<string, object?>
            {
                [nameof(PriceBoardPaper.Board)] = board,
                [nameof(PriceBoardPaper.Languages)] = Languages,
                [nameof(PriceBoardPaper.Large)] = paper is "A3"
            }, ct);
            return printed.Try(out var pdf, out var error)
                ? Results.File(pdf, "application/pdf", $"{texts["Price board"]} {board.Lot ?? board.Tariff.Name} {paper ?? "A4"}.pdf")
                : Results.Text(texts.Of(error), statusCode: StatusCodes.Status503ServiceUnavailable);
        }).RequireAuthorization(TariffPermissions.View);

    static async Task<PriceBoard?> ReadAsync(CitySession s, Guid tariff, Guid? version, Guid? lot, CancellationToken ct)
    {
        var name = lot is null ? null : await s.Db.Set<LotTariff>().Where(a => a.TariffId == tariff && a.LotId == lot && a.UsedUntil == null)
            .Join(s.Db.Set<Lot>(), a => a.LotId, l => l.Id, (_, l) => l.Name).FirstOrDefaultAsync(ct);
        var published = s.Db.Set<TariffVersion>().AsNoTracking().Where(v => v.TariffId == tariff && v.PublishedAt != null);
        var shown = await (version is null ? published.InForce(s.Now) : published.Where(v => v.Id == version)).FirstOrDefaultAsync(ct);
        return shown is null || (lot is not null && name is null) ? null
            : new PriceBoard(s.City, shown.Read().Tariff!, shown.Number, shown.EffectiveFrom!.Value, name);
    }
}

/// <summary>What a price board says.</summary>
/// <param name="City">Whose prices they are.</param>
/// <param name="Tariff">The prices.</param>
/// <param name="Version">The number of the published version.</param>
/// <param name="EffectiveFrom">From when on entries are priced by it.</param>
/// <param name="Lot">Where the board hangs; null for a board of the tariff.</param>
public sealed record PriceBoard(City City, Tariff Tariff, int Version, DateTimeOffset EffectiveFrom, string? Lot);
