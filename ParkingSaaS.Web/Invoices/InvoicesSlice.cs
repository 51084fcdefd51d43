using MudBlazor;
using ParkingSaaS.Core.Invoices;
using ParkingSaaS.Web.Node;
using ParkingSaaS.Web.Orders;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Invoices;

/// <summary>Invoices, and who issues them.</summary>
sealed class InvoicesSlice : IWebSlice
{
    public IEnumerable<MenuItem> Menu =>
    [
        new(MenuGroup.Finance, 40, "invoices", "Invoices", Icons.Material.Outlined.Description, InvoicePermissions.View),
        new(MenuGroup.Finance, 90, "invoices/issuers", "Invoice issuers", Icons.Material.Outlined.Store, InvoicePermissions.Issuers)
    ];

    public void AddServices(IServiceCollection services, Settings settings)
    {
        services.AddSingleton(new OrderPart(15, typeof(OrderInvoicesPart), InvoicePermissions.View));
        if (settings.DemoPayments)
            services.AddSingleton<IInvoiceProvider, SpecimenInvoices>();
    }

    public void MapEndpoints(IEndpointRouteBuilder app)
    {
        app.MapInvoiceFiles();
        // Nothing that is sent is read: whoever calls makes us ask the provider sooner.
        app.MapPost("/pay/invoice-told/{id:guid}", async (Guid id, CityContext context, SendInvoices send, CancellationToken ct) =>
            context.City is { } city && await send.ToldAsync(city.Code, id, ct) ? Results.Json(new Told("0000", "同步成功")) : Results.NotFound())
            .AllowAnonymous().DisableAntiforgery();
    }

    /// <summary>As 诺诺 wants to be answered.</summary>
    sealed record Told(string Status, string Message);
}
