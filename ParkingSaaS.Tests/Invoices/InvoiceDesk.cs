using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Invoices;
using ParkingSaaS.Core.Invoices.Nuonuo;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Gateways;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Orders;

namespace ParkingSaaS.Tests.Invoices;

/// <summary>Tests of invoices: a car that has paid, and who issues them.</summary>
public abstract class InvoiceDesk(Cluster cluster) : DayTest(cluster)
{
    protected const string Car = "粤B12345";

    /// <summary>A company as registered, and a person.</summary>
    protected static readonly InvoiceTitle Company = new(TitleKind.Company, "深圳示例科技有限公司", "91440300MA5TEXT005", "深圳市龙岗区示例路 1 号 0755-00000000", "",
            "a@b.cn", ""),
        Person = new(TitleKind.Individual, "李四", "", "", "", "", "138 1234 5678");

    protected FakeNuonuo nuonuo = null!;
    protected SaveIssuer save = null!;
    protected AskInvoice ask = null!;
    protected DecideInvoice decide = null!;
    protected SendInvoices send = null!;

    protected Actor Clerk => field ??= City.User(InvoicePermissions.Ask, InvoicePermissions.Manage, InvoicePermissions.View);

    protected override async Task PrepareAsync()
    {
        nuonuo = Own(await FakeNuonuo.StartAsync(platform.Clock));
        var client = Own(new NuonuoClient(new NuonuoPolicy { Services = nuonuo.Address, Tokens = nuonuo.Address, Patience = TimeSpan.FromSeconds(2) },
            platform.Get<CitySessions>(), platform.Get<ChannelSecrets>(), platform.Clock, NullLogger<NuonuoClient>.Instance));
        IInvoiceProvider[] providers = [new NuonuoInvoices(client, NullLogger<NuonuoInvoices>.Instance)];
        var (sessions, live) = (platform.Get<CitySessions>(), platform.Get<LiveFeed>());
        send = new SendInvoices(sessions, providers, live);
        (ask, decide) = (new AskInvoice(sessions, send, live), new DecideInvoice(sessions, send, live));
        save = new SaveIssuer(sessions, platform.Get<ChannelSecrets>(), providers, platform.Get<SecurityLog>());
    }

    protected Task<Result<Guid>> SaveAsync(IssuerDetails details) => save.RunAsync(City.User(InvoicePermissions.Issuers), details, Ct);

    protected async Task IssuerAsync(IssuerDetails? details = null) => Assert.True((await SaveAsync(details ?? nuonuo.Issuer)).Ok);

    /// <summary>A stay of ¥7.00 that is over and paid in cash.</summary>
    protected async Task<Order> PaidAsync(string plate = Car, double at = 0)
    {
        await day.EnterAsync(plate, at);
        await day.LeaveAsync(plate, at + 61);
        var order = (await day.OrdersAsync()).Last(o => o.Plate == plate);
        Assert.True((await day.CashAsync(order, 700)).Ok);
        return order;
    }

    protected static InvoiceRequest Request(long gross, InvoiceTitle title, params Order[] orders) =>
        new(Guid.CreateVersion7(), [.. orders.Select(o => new InvoiceItem(Payment.Order, o.Id))], new Money(gross), title);

    protected Task<Result<Guid>> AskAsync(InvoiceRequest request) => ask.RunAsync(Clerk, request, Ct);

    protected async Task<Invoice> AskedAsync(InvoiceRequest request) => await InvoiceAsync((await AskAsync(request)).Value);

    protected async Task<Invoice> InvoiceAsync(Guid id)
    {
        await using var s = await City.OpenAsync();
        return await s.Db.Set<Invoice>().AsNoTracking().SingleAsync(i => i.Id == id, Ct);
    }

    protected async Task<List<Invoice>> InvoicesAsync()
    {
        await using var s = await City.OpenAsync();
        return await s.Db.Set<Invoice>().AsNoTracking().OrderBy(i => i.AskedAt).ToListAsync(Ct);
    }

    protected async Task<List<InvoiceLine>> LinesAsync()
    {
        await using var s = await City.OpenAsync();
        return await s.Db.Set<InvoiceLine>().AsNoTracking().OrderBy(l => l.Id).ToListAsync(Ct);
    }

    /// <summary>So much later the provider is asked about what is due.</summary>
    protected Task<int> LaterAsync(double minutes)
    {
        platform.Clock.Advance(TimeSpan.FromMinutes(minutes));
        return send.RunAsync(City.Code, Ct);
    }
}
