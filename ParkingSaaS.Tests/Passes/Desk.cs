using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Passes;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Orders;

namespace ParkingSaaS.Tests.Passes;

/// <summary>The people who sell, review and take money for passes, in a test's words.</summary>
public sealed class Desk(Day day)
{
    public const string Car = "粤B12345";
    public static readonly DateOnly Today = new(2026, 11, 21);
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public Day Day => day;
    public Actor Clerk { get; } = day.City.User(PassPermissions.Sell, PassPermissions.Service, PassPermissions.Refund);
    public Actor Manager { get; } = day.City.User(PassPermissions.Review, PassPermissions.Products, PassPermissions.Service, PassPermissions.Refund);
    public Actor Cashier { get; } = day.City.User(PaymentPermissions.Cash);

    public T Get<T>() where T : notnull => day.Platform.Get<T>();

    /// <summary>The clock goes to a time of a day on the city's wall clock.</summary>
    public void At(DateOnly date, int hour = 9) =>
        day.Platform.Clock.Advance(new CityZone("Asia/Shanghai").StartOf(date).AddHours(hour) - day.Platform.Clock.GetUtcNow());

    /// <summary>A rolling monthly card of the North lot for 300 yuan, or what the test makes of it.</summary>
    public PassProductDetails Details(string name = "月卡") =>
        new(null, name) { Scope = PassScope.Lots, LotIds = [day.City.North.Id], Term = PassTerm.Month, Price = new Money(30000), Reviewed = false };

    public async Task<PassProduct> ProductAsync(PassProductDetails? details = null)
    {
        var saved = await Get<SavePassProduct>().RunAsync(Manager, details ?? Details(), Ct);
        Assert.Null(saved.Error);
        return await ProductAsync(saved.Value);
    }

    public async Task<PassProduct> ProductAsync(Guid id)
    {
        await using var s = await day.City.OpenAsync();
        return await s.Db.Set<PassProduct>().AsNoTracking().SingleAsync(p => p.Id == id, Ct);
    }

    public static PassSale Sale(PassProduct product, params string[] plates) => SaleFrom(product, Today, 1, plates);

    public static PassSale SaleFrom(PassProduct product, DateOnly from, int terms, params string[] plates) =>
        new(Guid.CreateVersion7(), product.Id, "张三", "13800000000", plates, PassOffer.Of(product, from, terms).Price) { From = from, Terms = terms };

    public Task<Result<Guid>> SellAsync(PassSale sale, Actor? actor = null) => Get<SellPass>().RunAsync(actor ?? Clerk, sale, Ct);

    /// <summary>Sold and paid.</summary>
    public async Task<Pass> ActiveAsync(PassSale sale)
    {
        var sold = await SellAsync(sale);
        Assert.Null(sold.Error);
        Assert.Null((await PayAsync(sold.Value)).Error);
        return await PassAsync(sold.Value);
    }

    /// <summary>Pays what is open of a pass.</summary>
    public async Task<Result<Done>> PayAsync(Guid passId, Guid? paymentId = null)
    {
        var period = (await PeriodsAsync(passId)).MinBy(p => p.State is PassPeriodState.Open ? 0 : 1)!;
        return await Get<TakePayment>().CashAsync(Cashier,
            new PaymentRequest(paymentId ?? Guid.CreateVersion7(), period.Id, period.Price) { Kind = PassPayments.Code }, Ct);
    }

    public async Task<Pass> PassAsync(Guid id)
    {
        await using var s = await day.City.OpenAsync();
        return await s.Db.Set<Pass>().AsNoTracking().SingleAsync(p => p.Id == id, Ct);
    }

    public async Task<List<PassPeriod>> PeriodsAsync(Guid passId)
    {
        await using var s = await day.City.OpenAsync();
        return await s.Db.Set<PassPeriod>().AsNoTracking().Where(p => p.PassId == passId).OrderBy(p => p.From).ToListAsync(Ct);
    }

    public async Task<List<PassOperationKind>> OperationsAsync(Guid passId)
    {
        await using var s = await day.City.OpenAsync();
        return await s.Db.Set<PassOperation>().Where(o => o.PassId == passId).OrderBy(o => o.Id).Select(o => o.Kind).ToListAsync(Ct);
    }
}
