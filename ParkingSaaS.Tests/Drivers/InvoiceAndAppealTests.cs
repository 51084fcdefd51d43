using System.Net;
using System.Net.Http.Headers;
using AngleSharp.Dom;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Invoices;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Service;
using ParkingSaaS.Tests.Files;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Drivers;

/// <summary>Invoices and appeals on a phone without JavaScript.</summary>
public sealed class InvoiceAndAppealTests(Cluster cluster) : DriverPhone(cluster)
{
    const string Car = "粤B12345";

    /// <summary>The driver pays on this phone; where its stay is shown.</summary>
    async Task<string> PaidAsync(double at = 0)
    {
        await day.EnterAsync(Car, at);
        await day.LeaveAsync(Car, at + 61);
        var page = $"/alpha/pay/order/{(await day.OrdersAsync())[^1].Id}";
        var channel = To(await SendAsync(await GetAsync(page), page));
        Assert.Equal(page, To(await SendAsync(await GetAsync(channel), channel)));
        return page;
    }

    async Task IssuerAsync() => Assert.True((await web.Get<SaveIssuer>().RunAsync(City.User(InvoicePermissions.Issuers), new IssuerDetails(null, "Seller",
        "91440300MA5DEMQ01H", null, null, true, "", "", "", "", 900, "停车服务费", Issuer.Parking, "张三", "specimen", ""), Ct)).Ok);

    static string Invoice(string stay) => stay.Replace("/order/", "/invoice/", StringComparison.Ordinal);

    static string Appeal(string stay) => stay.Replace("/order/", "/appeal/", StringComparison.Ordinal);

    Task<HttpResponseMessage> AskAsync(IDocument page, string address, string name, string number = "") => SendAsync(page, address,
        ("Input.Kind", number == "" ? "Individual" : "Company"), ("Input.Name", name), ("Input.TaxNumber", number));

    [Fact]
    public async Task From_the_paid_stay_to_the_invoice()
    {
        var stay = await PaidAsync();
        Assert.DoesNotContain("pay/invoice/", (await GetAsync(stay)).DocumentElement.OuterHtml); // nobody issues here
        await IssuerAsync();
        Assert.NotNull((await GetAsync(stay)).QuerySelector("a[href^='pay/invoice/']"));
        var page = await GetAsync(Invoice(stay));
        Assert.Contains("¥7.00", Text(page));

        var wrong = await WebHost.PageAsync(await AskAsync(page, Invoice(stay), "Company", "91440300MA5TEXT001"), Ct);
        Assert.Contains("15 to 20 digits", wrong.QuerySelector(".problem")!.TextContent);
        Assert.Equal("Company", wrong.QuerySelector("input[name='Input.Name']")!.GetAttribute("value"));

        Assert.Equal(Invoice(stay), To(await AskAsync(wrong, Invoice(stay), "深圳示例科技有限公司", "91440300MA5TEXT005")));
        var done = Text(await GetAsync(Invoice(stay)));
        Assert.Contains("深圳示例科技有限公司", done);
        Assert.Contains("SPECIMEN-", done);
        Assert.Contains("Nothing is left to invoice.", done);
        Assert.Contains("SPECIMEN-", Text(await GetAsync(stay)));
    }

    [Fact]
    public async Task A_double_click_is_one_invoice()
    {
        await IssuerAsync();
        var address = Invoice(await PaidAsync());
        var page = await GetAsync(address);
        var answers = await Task.WhenAll(AskAsync(page, address, "李四"), AskAsync(page, address, "李四"));
        Assert.All(answers, a => Assert.Equal(address, To(a)));
        await using var s = await City.OpenAsync();
        Assert.Single(await s.Db.Set<Invoice>().ToListAsync(Ct));
    }

    [Fact]
    public async Task Whoever_did_not_pay_is_asked_who_they_are()
    {
        await IssuerAsync();
        var stay = await PaidAsync();
        phone = Own(web.Browser());
        phone.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
        foreach (var address in new[] { Invoice(stay), Appeal(stay) })
        {
            var page = await GetAsync(address);
            Assert.Contains("last four digits", Text(page));
            Assert.Null(page.QuerySelector("input[name='Input.Id']"));
        }
        var order = await GetAsync(stay);
        Assert.Null(order.QuerySelector("a[href^='pay/invoice/']"));
        Assert.Equal(HttpStatusCode.NotFound, (await phone.GetAsync($"/alpha/pay/invoice/{Guid.NewGuid()}", Ct)).StatusCode);
    }

    async Task<HttpResponseMessage> FileAsync(string address, byte[] picture, string number = "13812345678")
    {
        var page = await GetAsync(address);
        var form = page.QuerySelector("main form")!;
        var content = new MultipartFormDataContent();
        foreach (var input in form.QuerySelectorAll("input[type=hidden]"))
            content.Add(new StringContent(input.GetAttribute("value") ?? ""), input.GetAttribute("name")!);
        content.Add(new StringContent("WrongFee"), "Input.Reason");
        content.Add(new StringContent("the board says five"), "Input.Text");
        content.Add(new StringContent(number), "Input.Phone");
        content.Add(new ByteArrayContent(picture) { Headers = { ContentType = new MediaTypeHeaderValue("image/png") } }, "photos", "a.png");
        return await phone.PostAsync(address, content, Ct);
    }

    /// <summary>A picture of so many bytes and some.</summary>
    static byte[] Picture(int bytes) =>
    [
        .. ImageFileTests.PngSignature, .. ImageFileTests.Chunk("IHDR", new byte[13]),
        (byte)(bytes >> 24), (byte)(bytes >> 16), (byte)(bytes >> 8), (byte)bytes, .. "IDAT"u8, .. new byte[bytes + 4], .. ImageFileTests.Chunk("IEND", [])
    ];

    [Fact]
    public async Task An_appeal_with_a_phones_picture_and_its_answer_on_the_same_page()
    {
        var stay = await PaidAsync();
        Assert.NotNull((await GetAsync(stay)).QuerySelector("a[href^='pay/appeal/']"));
        var wrong = await FileAsync(Appeal(stay), "MZ this is a program"u8.ToArray());
        Assert.Contains("one of these files is none", (await WebHost.PageAsync(wrong, Ct)).QuerySelector(".problem")!.TextContent);

        Assert.Equal(stay, To(await FileAsync(Appeal(stay), Picture(4 << 20))));
        var page = await GetAsync(stay);
        Assert.Contains("being looked at", Text(page));
        Assert.Null(page.QuerySelector("a[href^='pay/appeal/']"));

        Guid id;
        await using (var s = await City.OpenAsync())
            id = await s.Db.Set<Appeal>().Select(a => a.Id).SingleAsync(Ct);
        Assert.True((await web.Get<DecideAppeal>().RunAsync(City.User(ServicePermissions.Decide),
            new AppealAnswer(id, AppealRemedy.Refuse, null, "It was a workday."), Ct)).Ok);
        Assert.Contains("It was a workday.", Text(await GetAsync(stay)));
    }

    [Fact]
    public async Task News_of_a_provider_are_answered_and_not_believed()
    {
        await IssuerAsync();
        var address = Invoice(await PaidAsync());
        await AskAsync(await GetAsync(address), address, "李四");
        Guid id;
        await using (var s = await City.OpenAsync())
            id = await s.Db.Set<Invoice>().Select(i => i.Id).SingleAsync(Ct);
        Assert.Contains("0000", await (await TellAsync(id)).Content.ReadAsStringAsync(Ct));
        Assert.Equal(HttpStatusCode.NotFound, (await TellAsync(Guid.NewGuid())).StatusCode);
    }

    Task<HttpResponseMessage> TellAsync(Guid id) =>
        phone.PostAsync($"/alpha/pay/invoice-told/{id}", new FormUrlEncodedContent([new("content", "{\"c_status\":\"3\"}")]), Ct);
}
