using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Web.Shell;
using QRCoder;

namespace ParkingSaaS.Web.Lots;

/// <summary>The codes that are put up at lots, lanes and berths: they lead a driver's phone to the page that pays.</summary>
static class QrCode
{
    /// <summary>Relative address of the picture.</summary>
    public static string Path(string kind, Guid id) => $"lots/qr/{kind}/{id}.svg";

    /// <summary>Relative address of the page that it leads to.</summary>
    public static string Target(string kind, Guid id) => $"pay/{kind}/{id}";

    /// <summary>The picture of an address. Level M survives a scratched sign.</summary>
    public static string Svg(string address)
    {
        using var generator = new QRCodeGenerator();
        using var data = generator.CreateQrCode(address, QRCodeGenerator.ECCLevel.M);
        using var svg = new SvgQRCode(data);
        return svg.GetGraphic(4, "#000", "#fff", drawQuietZones: true, SvgQRCode.SizingMode.ViewBoxAttribute);
    }

    /// <summary>Serves the pictures of what the person sees: hundreds on a page would weigh on its circuit.</summary>
    public static void MapQrCodes(this IEndpointRouteBuilder app) =>
        app.MapGet("/lots/qr/{kind}/{id:guid}.svg", async (HttpContext http, string kind, Guid id, CitySessions sessions, Principals principals,
            CancellationToken ct) =>
        {
            await using var s = await sessions.OpenAsync(principals.ActorOf(http.User), LotPermissions.View, ct);
            var there = kind switch
            {
                "lot" => await s.Db.Set<Lot>().AnyAsync(l => l.Id == id, ct),
                "lane" => await s.Db.Set<Lane>().AnyAsync(l => l.Id == id, ct),
                "berth" => await s.Db.Set<Berth>().AnyAsync(b => b.Id == id, ct),
                _ => false
            };
            return there ? Results.Text(Svg(Absolute(http.Request, Target(kind, id))), "image/svg+xml") : Results.NotFound();
        }).RequireAuthorization(LotPermissions.View);

    static string Absolute(HttpRequest request, string path) => $"{request.Scheme}://{request.Host}{request.PathBase}/{path}";
}
