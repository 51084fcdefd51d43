using Microsoft.EntityFrameworkCore;
using MudBlazor;
using ParkingSaaS.Core.Service;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Service;

/// <summary>What drivers say of us.</summary>
sealed class ServiceSlice : IWebSlice
{
    public IEnumerable<MenuItem> Menu =>
        [new(MenuGroup.Customers, 90, "appeals", "Appeals", Icons.Material.Outlined.Feedback, ServicePermissions.View)];

    public void MapEndpoints(IEndpointRouteBuilder app) => app.MapGet("/appeals/photos/{id:guid}",
        async (HttpContext http, Guid id, CitySessions sessions, Principals principals, CancellationToken ct) =>
        {
            await using var s = await sessions.OpenAsync(principals.ActorOf(http.User), ServicePermissions.View, ct);
            return await s.Db.Set<AppealPhoto>().AsNoTracking().FirstOrDefaultAsync(p => p.Id == id, ct) is { } photo
                ? http.Image(photo.ContentType, photo.Content, $"{photo.Id:N}") : Results.NotFound();
        }).RequireAuthorization(ServicePermissions.View);
}
