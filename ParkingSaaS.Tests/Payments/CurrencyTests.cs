using System.Globalization;
using System.Text.Json.Nodes;
using AngleSharp.Dom;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Passes;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Drivers;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Passes;
using ParkingSaaS.Web.Orders;
using ParkingSaaS.Web.Passes;
using ParkingSaaS.Web.Reports;

namespace ParkingSaaS.Tests.Payments;

/// <summary>A city in another currency, from the gate to the files: North's tariff is the off-street template in it.</summary>
public abstract class CurrencyTests(Cluster cluster, string code) : DriverPhone(cluster)
{
    readonly Currency currency = Currency.Find(code)!;
    User? boss;

    /// <summary>What so many yuan of the template have become.</summary>
    decimal Price(decimal yuan) => currency.Digits == 0 ? yuan * 100 : yuan;

    Money Money(decimal yuan) => currency.Exact(Price(yuan))!.Value;

    string Shown(decimal yuan) => currency.Text(Price(yuan));

    /// <summary>Whatever is written with this in it is in yuan, or has the decimals of yuan.</summary>
    static void OnlyIn(Currency currency, string text)
    {
        if (currency.Digits != 2)
            Assert.DoesNotMatch(@"\d\.\d\d\b(?!\d)", text);
        if (currency.Sign() != "¥")
            Assert.DoesNotContain("¥", text);
    }

    protected override async Task PrepareAsync()
    {
        await using (var control = platform.Get<ControlDatabase>().Open())
            await control.Set<City>().Where(c => c.Code == City.Code).ExecuteUpdateAsync(u => u.SetProperty(c => c.Currency, currency), Ct);
        await platform.Get<CityDirectory>().RefreshAsync(Ct);
        await day.TariffAsync(_ => TariffTemplate.For(currency).Single(t => t.Id == "off-street").Tariff);
        await base.PrepareAsync();
    }

    static string Said(IDocument page) => page.QuerySelector("main")!.TextContent;

    /// <summary>In for 95 minutes: an hour at 5 and two half hours at 2.</summary>
    async Task<Order> LeaveAsync(string plate, double minute = 0)
    {
        await day.EnterAsync(plate, minute);
        await day.LeaveAsync(plate, minute + 95);
        return (await day.OrdersAsync()).Single(o => o.Plate == plate);
    }

    [Fact]
    public async Task A_fee_is_shown_at_the_gate_and_taken_in_cash()
    {
        var order = await LeaveAsync("粤A11111");
        Assert.Equal(Money(9), order.Receivable);
        var shown = platform.Link.Take().Single(c => c.Type == DeviceCommand.ShowText);
        Assert.Equal($"粤A11111 {Shown(9)}", (string?)JsonNode.Parse(shown.Args)!["text"]);

        var refused = (await day.CashAsync(order, Money(9).Minor - 1)).Error!;
        Assert.Equal(Shown(9), Assert.Single(refused.Args));
        Assert.True((await day.CashAsync(order, Money(9).Minor)).Ok);
        Assert.Equal((OrderState.Completed, Money(9)), ((await day.OrderAsync()).State, (await day.OrderAsync()).Received));
    }

    [Fact]
    public async Task A_driver_sees_and_pays_it_on_the_phone_in_advance()
    {
        await day.EnterAsync("粤A11111", 0);
        day.Until(95);
        var path = $"/alpha/pay/order/{(await day.OrderAsync()).Id}";
        var page = await GetAsync(path);
        Assert.Contains(Shown(9), page.QuerySelector(".driver-owed")!.TextContent);
        OnlyIn(currency, Said(page));
        var channel = To(await SendAsync(page, path));
        Assert.Contains(Shown(9), Said(await GetAsync(channel)));
        Assert.Equal(path, To(await SendAsync(await GetAsync(channel), channel)));
        Assert.Equal(Money(9), (await day.OrderAsync()).Received);
        var receipt = Said(await GetAsync(path));
        Assert.Contains(Shown(9), receipt);
        OnlyIn(currency, receipt);
    }

    /// <summary>A third off 100.005 dinars, or 10,001 yen, is no whole number of anything.</summary>
    [Fact]
    public async Task A_pass_is_priced_to_the_smallest_unit_and_rounded_by_the_one_rule()
    {
        var desk = new Desk(day);
        var price = new Money(100_005);
        var product = await desk.ProductAsync(desk.Details() with { Price = price, OnLine = true, OfferTerms = 1, OfferPercent = 33 });
        var offer = PassOffer.Of(product, Desk.Today, 1);
        Assert.Equal((price, new Money(33_002)), (offer.ListPrice, offer.Discount));
        var pass = await desk.ActiveAsync(Desk.Sale(product, "粤B12345"));
        Assert.Equal(new Money(67_003), Assert.Single(await day.PaymentsAsync()).Amount);
        var products = Said(await GetAsync("/alpha/pay/passes"));
        Assert.Contains(currency.Text(price), products);
        OnlyIn(currency, products);
        await ShowsAsync<PassPage>([currency.Text(new Money(67_003)), currency.Text(price)], ("Id", pass.Id));
    }

    /// <summary>The page shows these amounts, and none in another currency.</summary>
    async Task ShowsAsync<T>(string[] amounts, params (string, object?)[] parameters) where T : IComponent
    {
        boss ??= await web.AddUserAsync(City, "boss", Roles.City, Ct);
        OnlyIn(currency, await web.ShowAsync(City, boss, typeof(T), main => amounts.All(main.TextContent.Contains),
            $"{typeof(T).Name}: {string.Join(", ", amounts)}", Ct, parameters));
    }

    [Fact]
    public async Task Figures_files_and_interfaces_have_its_decimals()
    {
        var order = await LeaveAsync("粤A11111");
        await day.CashAsync(order, order.Owed.Minor);
        await LeaveAsync("粤A22222", 100);
        await ShowsAsync<Web.Reports.Home>([Shown(9)]);
        await ShowsAsync<IncomePage>([Shown(9)]);
        await ShowsAsync<OrdersPage>([Shown(9), Shown(18)]);
        await ShowsAsync<Web.Orders.OrderPage>([Shown(9), Shown(5), Shown(2)], ("Id", order.Id));
        using var browser = web.Browser();
        await WebHost.SignInAsync(browser, City.Code, "boss", WebHost.Password, Ct);

        foreach (var file in new[] { "reports/income.xlsx?from=2026-11-21&to=2026-11-22", "orders/export.xlsx?State=Completed" })
        {
            var format = $"[${currency.Sign()}]#,##0{(currency.Digits == 0 ? "" : "." + new string('0', currency.Digits))}";
            var cells = Assert.Single(SheetFile.Rows(await browser.GetByteArrayAsync($"/alpha/{file}", Ct)));
            Assert.Equal(Price(9), cells.Where(c => c.Format == format).Max(c => Convert.ToDecimal(c.Value, CultureInfo.InvariantCulture)));
        }
    }
}

public sealed class YenTests(Cluster cluster) : CurrencyTests(cluster, "JPY");

public sealed class FrancTests(Cluster cluster) : CurrencyTests(cluster, "CHF");

public sealed class DinarTests(Cluster cluster) : CurrencyTests(cluster, "TND");
