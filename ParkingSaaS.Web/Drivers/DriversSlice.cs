using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.RateLimiting;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Invoices;
using ParkingSaaS.Core.Messages;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Passes;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Service;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Web.Lots;
using ParkingSaaS.Web.Node;
using ParkingSaaS.Web.Orders;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Drivers;

/// <summary>The pages that drivers open on their phones, and the demonstration channel they pay by.</summary>
sealed class DriversSlice : IWebSlice
{
    /// <summary>Name of the rate limit on forms of these pages.</summary>
    public const string Limit = "drivers";

    public void AddServices(IServiceCollection services, Settings settings)
    {
        services.AddSingleton<DemoTickets>().AddSingleton<PlateQuota>().AddScoped<DriverProofs>();
        if (settings.DemoPayments)
            services.AddSingleton<IPaymentChannel, DemoChannel>();
        services.AddRateLimiter(options => options.AddPolicy(Limit, http => HttpMethods.IsPost(http.Request.Method)
            ? RateLimitPartition.GetFixedWindowLimiter(ClientAddress.Key(http.Connection.RemoteIpAddress),
                _ => new FixedWindowRateLimiterOptions { PermitLimit = settings.Limits.FormsPerMinute, Window = TimeSpan.FromMinutes(1) })
            : RateLimitPartition.GetNoLimiter("")));
    }

    public void MapEndpoints(IEndpointRouteBuilder app)
    {
        // Photos of lots show what anybody sees who passes by.
        app.MapGet("/pay/photo/{id:guid}", async (HttpContext http, Guid id, CityContext context, DriverOrders orders, CancellationToken ct) =>
            http.Photo(context.City is { } city ? await orders.PhotoAsync(Driver.Of(city), id, ct) : null)).AllowAnonymous();
        app.MapGet("/pay/order/{id:guid}/pictures/{passage:guid}/{number:int}", async (HttpContext http, Guid id, Guid passage, int number, CityContext context,
            DriverProofs proofs, DriverOrders orders, PassagePictures pictures, CancellationToken ct) =>
            context.City is { } city && await orders.FindAsync(Driver.Of(city), id, ct) is { } stay && proofs.OfDriver(stay)
                ? await http.PictureAsync(() => pictures.OfStayAsync(Driver.Of(city), id, passage, number, ct))
                : Results.NotFound()).AllowAnonymous();
        app.MapWeChatNotices();
        app.MapAlipayNotices();
        if (app.ServiceProvider.GetRequiredService<Settings>().DemoPayments)
            MapDemoChannel(app);
    }

    /// <summary>The demonstration's side of the callbacks: in place of a channel's signature there is the ticket.</summary>
    static void MapDemoChannel(IEndpointRouteBuilder app)
    {
        Map("confirm", (payments, channel, ticket, ct) =>
            payments.ConfirmAsync(channel, ticket.PaymentId, new Money(ticket.Minor), $"demo-{ticket.PaymentId:N}", ct));
        Map("cancel", (payments, channel, ticket, ct) => payments.FailAsync(channel, ticket.PaymentId, ct));

        void Map(string path, Func<TakePayment, Actor, DemoTicket, CancellationToken, Task<Result<Done>>> tell) => app.MapPost(
            "/demo-channel/{paymentId:guid}/" + path, async (HttpContext http, Guid paymentId, CityContext context, DemoTickets tickets,
            TakePayment payments, ILogger<DemoChannel> log, CancellationToken ct) =>
        {
            var form = http.Request.HasFormContentType ? await http.Request.ReadFormAsync(ct) : FormCollection.Empty;
            if (context.City is not { } city || tickets.Read(DemoTickets.Confirm, form["ticket"]) is not { } ticket
                || ticket.City != city.Code || ticket.PaymentId != paymentId)
            {
                log.LogWarning("Refused a callback of payment {Payment} that the demonstration did not sign", paymentId);
                return Results.StatusCode(StatusCodes.Status400BadRequest);
            }
            var result = await tell(payments, DemoChannel.ActorOf(city.Code), ticket, ct);
            if (result.Ok)
                return Results.LocalRedirect($"~/pay/{ticket.Kind}/{ticket.PayableId}");
            log.LogWarning("Callback {Callback} of payment {Payment} was refused: {Code}", path, paymentId, result.Error!.Code);
            return Results.StatusCode(StatusCodes.Status409Conflict);
        }).AllowAnonymous().DisableAntiforgery();
    }
}

/// <summary>Who uses the drivers' pages.</summary>
static class Driver
{
    /// <summary>A driver in that city.</summary>
    public static Actor Of(City city) => Actor.Driver(city.Code, OrderPermissions.Pay, PassPermissions.Buy, PaymentPermissions.Begin,
        InvoicePermissions.Ask, MessagePermissions.Told, ServicePermissions.Appeal);

    /// <summary>The driver's browser, for a channel.</summary>
    public static Payer Payer(this HttpContext http, NavigationManager navigation) => Core.Payments.Payer.Of(
        http.Connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped ? $"{mapped.MapToIPv4()}" : $"{http.Connection.RemoteIpAddress}",
        new Uri(navigation.BaseUri), http.Request.Headers.UserAgent.ToString());
}
