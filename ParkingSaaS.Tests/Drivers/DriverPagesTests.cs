using System.Net;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Orders;
using ParkingSaaS.Web.Drivers;

namespace ParkingSaaS.Tests.Drivers;

/// <summary>The drivers' pages as a phone without JavaScript meets them: pages, forms, redirects.</summary>
public sealed class DriverPagesTests(Cluster cluster) : DriverPhone(cluster)
{
    const string Car = "粤B12345";
    async Task<HttpResponseMessage> SearchAsync(string province, string rest, string path = "/alpha/pay") =>
        await SendAsync(await GetAsync(path), path, ("Input.Province", province), ("Input.Rest", rest));

    /// <summary>A car that owes 7 yuan at the exit; its order page.</summary>
    async Task<string> AtExitAsync()
    {
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 61);
        day.Commands();
        return $"/alpha/pay/order/{(await day.OrderAsync()).Id}";
    }

    [Fact]
    public async Task From_the_plate_to_the_open_gate()
    {
        var orderPage = await AtExitAsync();
        Assert.Equal(orderPage, To(await SearchAsync("粤", "b12345")));
        var page = await GetAsync(orderPage);
        Assert.Contains("¥7.00", page.QuerySelector(".driver-owed")!.TextContent);
        Assert.Contains("粤B***5", Text(page));
        Assert.DoesNotContain("12345", page.DocumentElement.OuterHtml);

        var channel = To(await SendAsync(page, orderPage));
        Assert.StartsWith("/alpha/demo-channel/", channel);
        var demo = await GetAsync(channel);
        Assert.Contains("no money moves", Text(demo));
        Assert.Equal(OrderState.AwaitingPayment, (await day.OrderAsync()).State);
        Assert.Equal(orderPage, To(await SendAsync(demo, channel)));

        page = await GetAsync(orderPage);
        Assert.Contains("Paid, the gate opens.", Text(page));
        Assert.NotEmpty(page.QuerySelectorAll("table.fee tbody tr"));
        Assert.Null(page.QuerySelector("main form"));
        Assert.Equal((OrderState.Completed, new Money(700)), ((await day.OrderAsync()).State, (await day.OrderAsync()).Received));
        Assert.Equal("demo", Assert.Single(await day.PaymentsAsync()).Method);
        // The application's own link found nobody on line; the command waits for the gate.
        await using var s = await day.City.OpenAsync();
        Assert.Contains(s.Db.Set<DeviceCommand>(), c => c.Type == DeviceCommand.OpenGate && c.DeviceId == day.City.ExitGate.Id);
    }

    [Fact]
    public async Task Who_pays_in_advance_reads_until_when_to_leave()
    {
        await day.EnterAsync(Car, 0);
        day.Until(61);
        var orderPage = $"/alpha/pay/order/{(await day.OrderAsync()).Id}";
        var channel = To(await SendAsync(await GetAsync(orderPage), orderPage));
        await SendAsync(await GetAsync(channel), channel);
        // 09:00 in Shanghai, 61 minutes parked, 15 minutes to leave.
        Assert.Contains("Leave before 10:16.", Text(await GetAsync(orderPage)));
    }

    [Fact]
    public async Task A_double_click_is_one_payment()
    {
        var orderPage = await AtExitAsync();
        var page = await GetAsync(orderPage);
        var answers = await Task.WhenAll(SendAsync(page, orderPage), SendAsync(page, orderPage));
        Assert.All(answers, a => Assert.StartsWith("/alpha/demo-channel/", To(a)));
        Assert.Single(await day.PaymentsAsync());
    }

    [Fact]
    public async Task A_fee_that_grew_is_shown_again_and_not_taken()
    {
        await day.EnterAsync(Car, 0);
        day.Until(61);
        var orderPage = $"/alpha/pay/order/{(await day.OrderAsync()).Id}";
        var page = await GetAsync(orderPage);
        day.Until(95);
        var answer = await SendAsync(page, orderPage);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        page = await WebHost.PageAsync(answer, Ct);
        Assert.Contains("The fee has changed", Text(page));
        Assert.Contains("¥9.00", page.QuerySelector(".driver-owed")!.TextContent);
        Assert.Empty(await day.PaymentsAsync());
    }

    [Fact]
    public async Task Forged_and_repeated_callbacks_change_nothing()
    {
        var orderPage = await AtExitAsync();
        var channel = To(await SendAsync(await GetAsync(orderPage), orderPage));
        var payment = Assert.Single(await day.PaymentsAsync()).Id;
        var confirm = $"/alpha/demo-channel/{payment}/confirm";
        var demo = await GetAsync(channel);
        var signed = demo.QuerySelector("input[name=ticket]")!.GetAttribute("value")!;
        var asked = Uri.UnescapeDataString(channel.Split("ticket=")[1]);
        var elsewhere = web.Get<DemoTickets>().Write(DemoTickets.Confirm, new DemoTicket("beta", payment, Guid.NewGuid(), 700));
        var cheaper = web.Get<DemoTickets>().Write(DemoTickets.Confirm, new DemoTicket("alpha", payment, Guid.NewGuid(), 1));

        foreach (var (path, ticket, expected) in new[]
                 {
                     (confirm, "", HttpStatusCode.BadRequest), (confirm, "forged", HttpStatusCode.BadRequest),
                     (confirm, signed[..^2] + "AA", HttpStatusCode.BadRequest), (confirm, asked, HttpStatusCode.BadRequest),
                     (confirm, elsewhere, HttpStatusCode.BadRequest), (confirm, cheaper, HttpStatusCode.Conflict),
                     ($"/alpha/demo-channel/{Guid.NewGuid()}/confirm", signed, HttpStatusCode.BadRequest),
                     ($"/beta/demo-channel/{payment}/confirm", signed, HttpStatusCode.BadRequest)
                 })
            Assert.Equal(expected, (await phone.PostAsync(path, new FormUrlEncodedContent([new("ticket", ticket)]), Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await phone.PostAsync(confirm, new StringContent("{}"), Ct)).StatusCode);
        Assert.Equal((OrderState.AwaitingPayment, Money.Zero), ((await day.OrderAsync()).State, (await day.OrderAsync()).Received));

        for (var i = 0; i < 3; i++)
            Assert.Equal(orderPage, To(await phone.PostAsync(confirm, new FormUrlEncodedContent([new("ticket", signed)]), Ct)));
        Assert.Equal(new Money(700), (await day.OrderAsync()).Received);
    }

    [Fact]
    public async Task Who_scanned_the_code_at_the_lane_sees_everything_and_is_asked_nothing()
    {
        await AtExitAsync();
        var orderPage = To(await phone.GetAsync($"/alpha/pay/lane/{day.City.Exit.Id}", Ct));
        var page = await GetAsync(orderPage);
        Assert.Contains("2026-11-21 09:00:00", Text(page));
        Assert.NotEmpty(page.QuerySelectorAll("table.fee tbody tr"));
        Assert.Null(page.QuerySelector("input[name='Input.PhoneEnd']"));
        Assert.StartsWith("/alpha/demo-channel/", To(await SendAsync(page, orderPage)));
    }

    [Fact]
    public async Task The_lane_and_the_berth_lead_to_the_car_that_stands_there()
    {
        Assert.Contains("No car", Text(await GetAsync($"/alpha/pay/lane/{day.City.Exit.Id}")));
        var orderPage = await AtExitAsync();
        Assert.Equal(orderPage, To(await phone.GetAsync($"/alpha/pay/lane/{day.City.Exit.Id}", Ct)));
        await day.BerthAsync(true, 61);
        Assert.StartsWith("/alpha/pay/order/", To(await phone.GetAsync($"/alpha/pay/berth/{day.City.Berth1.Id}", Ct)));
        Assert.Contains("No car", Text(await GetAsync($"/alpha/pay/berth/{day.City.Berth2.Id}")));
    }

    [Fact]
    public async Task The_lot_finds_its_own_cars_only()
    {
        await AtExitAsync();
        Assert.Contains("North", Text(await GetAsync($"/alpha/pay/lot/{day.City.North.Id}")));
        var answer = await SearchAsync("", Car, $"/alpha/pay/lot/{day.City.South.Id}");
        Assert.Contains("Nothing is open or owed", Text(await WebHost.PageAsync(answer, Ct)));
        Assert.Equal(HttpStatusCode.Found, (await SearchAsync("", Car, $"/alpha/pay/lot/{day.City.North.Id}")).StatusCode);
    }

    [Fact]
    public async Task Who_cancels_is_told_that_nothing_was_taken_and_may_pay_again()
    {
        var orderPage = await AtExitAsync();
        var channel = To(await SendAsync(await GetAsync(orderPage), orderPage));
        var cancel = (await GetAsync(channel)).QuerySelectorAll("main form").Single(f => f.GetAttribute("action")!.EndsWith("/cancel"));
        var ticket = cancel.QuerySelector("input")!.GetAttribute("value")!;
        Assert.Equal(orderPage, To(await phone.PostAsync($"/alpha/{cancel.GetAttribute("action")}", new FormUrlEncodedContent([new("ticket", ticket)]), Ct)));
        Assert.Equal(PaymentState.Failed, Assert.Single(await day.PaymentsAsync()).State);

        var page = await GetAsync(orderPage);
        Assert.Contains("No money was taken.", Text(page));
        var again = To(await SendAsync(page, orderPage));
        Assert.Equal(orderPage, To(await SendAsync(await GetAsync(again), again)));
        Assert.Equal([PaymentState.Failed, PaymentState.Succeeded], (await day.PaymentsAsync()).Select(p => p.State));
        Assert.DoesNotContain("No money was taken.", Text(await GetAsync(orderPage)));
    }

    [Fact]
    public async Task Several_stays_are_listed()
    {
        await AtExitAsync();
        await day.BerthAsync(true, 61, Car);
        var page = await WebHost.PageAsync(await SearchAsync("粤", "B12345"), Ct);
        Assert.Equal(2, page.QuerySelectorAll(".choices a").Length);
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        string[] paths =
        [
            "/alpha/pay/order/00000000-0000-0000-0000-000000000001",
            "/alpha/pay/lot/00000000-0000-0000-0000-000000000001",
            "/alpha/pay/lane/00000000-0000-0000-0000-000000000001",
            "/alpha/pay/berth/00000000-0000-0000-0000-000000000001",
            "/alpha/demo-channel/00000000-0000-0000-0000-000000000001?ticket=x",
            "/pay"
        ];
        await Assert.AllAsync(paths, async path =>
            Assert.Equal(HttpStatusCode.NotFound, (await phone.GetAsync(path, Ct)).StatusCode));
    }

    [Fact]
    public async Task An_order_of_another_city_is_not_found()
    {
        var orderPage = await AtExitAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await phone.GetAsync(orderPage.Replace("alpha", "beta"), Ct)).StatusCode);
    }

    [Fact]
    public async Task Logs_name_no_plate()
    {
        await AtExitAsync();
        await SearchAsync("粤", "B12345");
        Assert.DoesNotContain(web.Logs.Lines, line => line.Contains("12345"));
    }

    [Fact]
    public async Task Without_a_channel_the_page_sends_to_the_booth()
    {
        await using var closed = await WebHost.StartAsync(day.Platform, Ct, null, "--Node=other");
        using var other = closed.Browser();
        other.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
        var page = await WebHost.PageAsync(await other.GetAsync(await AtExitAsync(), Ct), Ct);
        Assert.Contains("pay at the booth", Text(page));
        Assert.Null(page.QuerySelector("input[name='Input.PaymentId']"));
        var ticket = closed.Get<DemoTickets>().Write(DemoTickets.Confirm, new DemoTicket("alpha", Guid.NewGuid(), Guid.NewGuid(), 700));
        // No such endpoint; other methods of the address are the files'.
        Assert.Equal(HttpStatusCode.NotFound, (await other.PostAsync($"/alpha/demo-channel/{Guid.NewGuid()}/confirm",
            new FormUrlEncodedContent([new("ticket", ticket)]), Ct)).StatusCode);
    }
}
