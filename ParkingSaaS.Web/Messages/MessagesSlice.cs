using Microsoft.Extensions.Localization;
using MudBlazor;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Messages;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Messages;

/// <summary>What drivers were told, and in which words, by whom and when the city tells them.</summary>
sealed class MessagesSlice : IWebSlice
{
    public IEnumerable<MenuItem> Menu =>
    [
        new(MenuGroup.Customers, 340, "messages/sent", "Messages to drivers", Icons.Material.Outlined.Sms, MessagePermissions.View),
        new(MenuGroup.System, 730, "messages/scenes", "Message texts", Icons.Material.Outlined.EditNotifications, MessagePermissions.Manage)
    ];

    public void MapEndpoints(IEndpointRouteBuilder app) => app.MapGet("/messages/sent/export.xlsx", async (HttpContext http,
        [AsParameters] MessageFilter filter, CitySessions sessions, Principals principals, IStringLocalizer<Texts> texts, CancellationToken ct) =>
    {
        await using var s = await sessions.OpenAsync(principals.ActorOf(http.User), MessagePermissions.View, ct);
        var rows = filter.Apply(s).OrderByDescending(m => m.CreatedAt).ThenByDescending(m => m.Id);
        await http.Response.WriteListAsync(s, texts["Messages to drivers"], Columns(texts, s.City.Zone), rows, ct);
    }).RequireAuthorization(MessagePermissions.View);

    static List<XlsxColumn<MessageRow>> Columns(IStringLocalizer<Texts> texts, CityZone zone) =>
    [
        new(texts["Written"], 20, m => zone.Local(m.CreatedAt)),
        new(texts["Scene"], 20, m => texts.Of(m.Scene)),
        new(texts["Way"], 14, m => texts.Of(m.Way)),
        new(texts["Sent to"], 20, m => m.To),
        new(texts["Plate"], 14, m => m.Plate),
        new(texts["Text"], 60, m => m.Text),
        new(texts["State"], 16, m => texts.Of(m.State)),
        new(texts["Why"], 24, m => m.Problem is { } problem ? texts.Problem(problem) : null),
        new(texts["Sent at"], 20, m => m.TriedAt is { } at ? zone.Local(at) : null),
        new(texts["Wanted by"], 16, m => texts.By(m.By))
    ];
}
