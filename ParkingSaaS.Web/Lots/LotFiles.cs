using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Lots;

/// <summary>Photos of lots.</summary>
static class LotFiles
{
    public static void MapLotFiles(this IEndpointRouteBuilder app) =>
        app.MapGet("/lots/photos/{id:guid}", async (HttpContext http, Guid id, CitySessions sessions, Principals principals, CancellationToken ct) =>
        {
            await using var s = await sessions.OpenAsync(principals.ActorOf(http.User), LotPermissions.View, ct);
            return http.Photo(await s.Db.Set<LotPhoto>().AsNoTracking().FirstOrDefaultAsync(p => p.Id == id, ct));
        }).RequireAuthorization(LotPermissions.View);

    /// <summary>A photo as an answer, or that there is none.</summary>
    public static IResult Photo(this HttpContext http, LotPhoto? photo) =>
        photo is null ? Results.NotFound() : http.Image(photo.ContentType, photo.Content, $"{photo.Id:N}");
}
