using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Web.Drivers;

/// <summary>A payment channel for showing and trying: its page asks, and no money moves. It stands only where the setting
/// <c>Payments:Demo</c> allows it.</summary>
sealed class DemoChannel(DemoTickets tickets) : IPaymentChannel
{
    public const string Name = "demo";

    /// <summary>The channel as it calls back.</summary>
    public static Actor ActorOf(string city) => Actor.Channel(city, Name, PaymentPermissions.Confirm);

    /// <inheritdoc/>
    public string Code => Name;

    /// <inheritdoc/>
    public Task<int?> PriorityAsync(CitySession s, Guid lotId, CancellationToken ct) => Task.FromResult<int?>(0);

    /// <inheritdoc/>
    public Task<ChannelProgress> RefundAsync(City city, Payment refund, Payment paid, CancellationToken ct) =>
        Task.FromResult(new ChannelProgress(PaymentState.Succeeded, $"demo-{refund.Id:N}"));

    /// <inheritdoc/>
    public Task<Result<string>> BeginAsync(City city, Payment payment, Payer payer, CancellationToken ct) =>
        Task.FromResult<Result<string>>(QueryHelpers.AddQueryString($"demo-channel/{payment.Id}", "ticket",
            tickets.Write(DemoTickets.Pay, new DemoTicket(city.Code, payment.Id, payment.PayableId, payment.Amount.Minor, payment.Kind))));
}

/// <summary>What the demonstration knows of a payment, as a real channel would from the request that began it.</summary>
sealed record DemoTicket(string City, Guid PaymentId, Guid PayableId, long Minor, string Kind = Payment.Order);

/// <summary>Signs tickets, so that nobody else can ask for a payment or say that it was made.</summary>
sealed class DemoTickets(IDataProtectionProvider protection)
{
    /// <summary>Leads to the page that asks.</summary>
    public const string Pay = "demo-channel.pay";

    /// <summary>Says that the driver agreed there.</summary>
    public const string Confirm = "demo-channel.confirm";

    /// <summary>A text that only <see cref="Read"/> understands.</summary>
    public string Write(string purpose, DemoTicket ticket) => protection.CreateProtector(purpose).Protect(JsonSerializer.Serialize(ticket));

    /// <summary>The ticket; null where it was forged or made for something else.</summary>
    public DemoTicket? Read(string purpose, string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        try
        {
            return JsonSerializer.Deserialize<DemoTicket>(protection.CreateProtector(purpose).Unprotect(text));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
