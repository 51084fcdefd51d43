using Microsoft.Extensions.Localization;
using ParkingSaaS.Core.Imports;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Imports;

/// <summary>For each kind of table an empty workbook to fill in, for who may import it. Below its heading stands what is wanted where; that
/// begins with # and is not read.</summary>
sealed class ImportsSlice : IWebSlice
{
    public void MapEndpoints(IEndpointRouteBuilder app)
    {
        foreach (var import in app.ServiceProvider.GetServices<TableImport>())
            app.MapGet($"/imports/{import.Kind}.xlsx", (HttpContext http, Principals principals, CityDirectory cities, IStringLocalizer<Texts> texts,
                CancellationToken ct) => WriteAsync(http, import, cities.Get(principals.ActorOf(http.User).City), texts, ct))
                .RequireAuthorization(import.Permission);
    }

    static async Task WriteAsync(HttpContext http, TableImport import, City city, IStringLocalizer<Texts> texts, CancellationToken ct)
    {
        var explained = import.Columns.Select((c, i) => (i == 0 ? "# " : "") + Explained(import, c, texts)).ToList();
        string title = texts["import." + import.Kind];
        http.Response.AsWorkbook(texts["Template: {0}", title]);
        await Xlsx.WriteAsync(http.Response.BodyWriter.AsStream(), title, city.Currency,
            [.. import.Columns.Select((c, i) => new XlsxColumn<List<string>>(texts[c.Title], Math.Clamp(Width(explained[i]), 12, 60), row => row[i]))],
            new[] { explained }.ToAsyncEnumerable(), ct);
    }

    /// <summary>What is wanted, and which words may stand there.</summary>
    static string Explained(TableImport import, ImportColumn column, IStringLocalizer<Texts> texts)
    {
        string text = texts[$"import.{import.Kind}.{column.Field}"];
        return column.Codes.Count == 0 ? text : texts.Pair(text, texts.List(column.Codes.Select(c => texts[column.Prefix + c].Value)));
    }

    /// <summary>In characters; Chinese ones take twice the room.</summary>
    static int Width(string text) => text.Sum(c => c > 0x2E80 ? 2 : 1) + 2;
}
