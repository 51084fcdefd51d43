using System.Net;
using System.Reflection;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Calendars;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Finance.Clearing;
using ParkingSaaS.Core.Invoices;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Messages;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Payments.Shifts;
using ParkingSaaS.Core.Reports;
using ParkingSaaS.Core.Service;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Core.Vehicles;
using ParkingSaaS.Tests.Api;
using ParkingSaaS.Tests.Files;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Orders;
using ParkingSaaS.Tests.Passes;
using ParkingSaaS.Web.Hosting;
using ParkingSaaS.Web.Reports;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Tests.Hosting;

/// <summary>Walks every address of the running program: pages, files, downloads, forms, the hub, the API. What is open stands in the
/// list of docs/security.md; everything else refuses whoever may not, and whoever asks for what is not theirs.</summary>
public sealed partial class AddressTests(Cluster cluster) : DayTest(cluster)
{
    /// <summary>The files of the program itself, of which there are hundreds: one line of the list.</summary>
    const string Files = "styles, scripts, pictures";

    const string Nobody = "nobody";
    const string North = "north";

    WebHost web = null!;
    User restricted = null!;
    HttpClient north = null!;
    Dictionary<string, List<Case>> cases = null!;

    /// <summary>What a parameter of an address is filled with.</summary>
    /// <param name="Name">The parameter.</param>
    /// <param name="Own">What there is for somebody who sees the North lot alone.</param>
    /// <param name="Foreign">What there is too, but not for them; null where the parameter names nothing that belongs to anybody.</param>
    /// <param name="Shows">What the page of the own one shows, and no page of the foreign one.</param>
    sealed record Case(string Name, object Own, object? Foreign = null, (string Own, string Foreign) Shows = default, string Rest = "");

    protected override async Task PrepareAsync()
    {
        web = Own(await WebHost.StartAsync(platform, Ct, null, "--Payments:Demo=true"));
        foreach (var role in Roles.InCity.Append(Nobody))
            await web.AddUserAsync(City, role, role, Ct);
        await web.AddUserAsync(platform.Beta, Roles.City, Roles.City, Ct);
        restricted = await web.AddUserAsync(City, North, Roles.City, Ct, user => user.LotIds = [City.North.Id]);
        north = await SignedInAsync(North);
        cases = await CasesAsync();
        await OtherCityBeginsHereAsync();
    }

    /// <summary>Something of each kind in the North lot and in the South lot, or, where the whole city shares it, here and in the other
    /// city.</summary>
    async Task<Dictionary<string, List<Case>>> CasesAsync()
    {
        const string OwnPlate = "粤B11111";
        const string ForeignPlate = "粤B22222";
        await day.EnterAsync(OwnPlate, 0);
        await day.BerthAsync(true, 1, ForeignPlate);
        var orders = (await day.OrdersAsync()).ToDictionary(o => o.Plate!, o => o.Id);
        var (ownOwner, foreignOwner) = (await OwnerAsync("13800000001", "Own Owner", OwnPlate), await OwnerAsync("13800000002", "Foreign Owner", ForeignPlate));
        var (ownPhoto, foreignPhoto) = (await PhotoAsync(City.North), await PhotoAsync(City.South));
        var desk = new Desk(day);
        var ownProduct = await desk.ProductAsync(desk.Details("Own product") with { OnLine = true });
        var foreignProduct = await desk.ProductAsync(desk.Details("Foreign product") with { LotIds = [City.South.Id], OnLine = true });
        var (ownPass, foreignPass) = (await desk.ActiveAsync(Desk.Sale(ownProduct, OwnPlate)), await desk.ActiveAsync(Desk.Sale(foreignProduct, ForeignPlate)));
        var ownPeriod = (await desk.PeriodsAsync(ownPass.Id))[0].Id;
        var (ownCalendar, foreignCalendar) = (await CalendarAsync(City, "Own calendar"), await CalendarAsync(platform.Beta, "Foreign calendar"));
        var (ownTariff, foreignTariff) = (await TariffAsync(City, "Own tariff"), await TariffAsync(platform.Beta, "Foreign tariff"));
        var (ownGroup, foreignGroup) = (await GroupAsync(City, "Own group"), await GroupAsync(platform.Beta, "Foreign group"));
        var (ownShift, foreignShift) = (await ShiftAsync(City.North, "Own Collector"), await ShiftAsync(City.South, "Foreign Collector"));
        var ownClearing = await ClearingAsync(City.North, new DateOnly(2026, 9, 1), "Own party");
        var foreignClearing = await ClearingAsync(City.South, new DateOnly(2026, 8, 1), "Foreign party");
        var (ownRun, foreignRun) = (await RunAsync(restricted), await RunAsync(await web.AddUserAsync(City, "planner", Roles.City, Ct)));

        var (ownInvoice, foreignInvoice) = (await InvoiceAsync(City.North, "Own Buyer"), await InvoiceAsync(City.South, "Foreign Buyer"));
        var (ownAppeal, foreignAppeal) = (await AppealAsync(City.North, orders[OwnPlate], "Own words"),
            await AppealAsync(City.South, orders[ForeignPlate], "Foreign words"));

        var lot = new Case("id", City.North.Id, City.South.Id, ("North", "South"));
        Case Of(object own, object foreign, string shows = "", string hides = "") => new("id", own, foreign, (shows, hides));
        return new()
        {
            ["/lots/{Id:guid}"] = [lot],
            ["/lots/{Id:guid}/berths"] = [lot],
            ["/groups/{Id:guid}"] = [Of(ownGroup, foreignGroup, "Own group", "Foreign group")],
            ["/lots/photos/{id:guid}"] = [Of(ownPhoto, foreignPhoto)],
            ["/lots/qr/{kind}/{id:guid}.svg"] =
            [
                lot with { Rest = "kind=lot" },
                Of(City.Entry.Id, City.Berth1.Id) with { Rest = "kind=lane" },
                Of(City.Entry.Id, platform.Beta.Entry.Id) with { Rest = "kind=lane" },
            ],
            ["/orders/{Id:guid}"] = [Of(orders[OwnPlate], orders[ForeignPlate], OwnPlate, ForeignPlate)],
            ["/shifts/{Id:guid}"] = [Of(ownShift, foreignShift, "Own Collector", "Foreign Collector")],
            ["/invoices/{Id:guid}"] = [Of(ownInvoice, foreignInvoice, "Own Buyer", "Foreign Buyer")],
            ["/appeals/{Id:guid}"] = [Of(ownAppeal, foreignAppeal, "Own words", "Foreign words")],
            ["/appeals/photos/{id:guid}"] = [Of(ownAppeal, foreignAppeal)],
            ["/payments/bills/{Id:guid}"] = [new("id", await BillAsync())], // the whole city's affair
            ["/clearing/{Id:guid}"] = [Of(ownClearing.Run, foreignClearing.Run, "Own party", "Foreign party")],
            ["/clearing/{id:guid}/export.xlsx"] = [Of(ownClearing.Run, foreignClearing.Run)],
            ["/clearing/statements/{id:guid}.pdf"] = [Of(ownClearing.Statement, foreignClearing.Statement)],
            ["/books/{Date}"] = [new("Date", "2026-11-21")],
            ["/cars/{Plate}"] = [new("Plate", OwnPlate, ForeignPlate, (OwnPlate, "South"))],
            ["/orders/pictures/{passage:guid}/{number:int}"] =
            [
                new("passage", await PictureAsync(City.EntryCamera, "x1"), await PictureAsync(City.Sensor1, "x2")) { Rest = "number=0" }
            ],
            ["/devices/pictures/{name}"] = [new("name", "a.png")],
            ["/devices/{Id:guid}"] = [Of(City.EntryCamera.Id, City.Sensor1.Id, "cam-in", "sensor-1")],
            ["/owners/{Id:guid}"] = [Of(ownOwner, foreignOwner, "Own Owner", "Foreign Owner")],
            ["/passes/{Id:guid}"] = [Of(ownPass.Id, foreignPass.Id, ownPass.Number.ToString(), "Foreign product")],
            ["/calendars/{Id:guid}"] = [Of(ownCalendar, foreignCalendar, "Own calendar", "Foreign calendar")],
            ["/calendars/{id:guid}/{year:int}.csv"] = [Of(ownCalendar, foreignCalendar) with { Rest = "year=2026" }],
            ["/tariffs/{Id:guid}"] = [Of(ownTariff, foreignTariff, "Own tariff", "Foreign tariff")],
            ["/tariffs/{id:guid}/board.pdf"] = [Of(ownTariff, foreignTariff)],
            ["/tariffs/{Id:guid}/what-if"] = [Of(ownTariff, foreignTariff, "Own tariff", "Foreign tariff")],
            ["/reports/what-if/{id:guid}/{part}.xlsx"] = [Of(ownRun, foreignRun) with { Rest = "part=sums" }],
            // What drivers see belongs to the city, whichever lot it is.
            ["/pay/lot/{LotId:guid}"] = [Of(City.North.Id, platform.Beta.North.Id)],
            ["/pay/lane/{LaneId:guid}"] = [Of(City.Entry.Id, platform.Beta.Entry.Id)],
            ["/pay/berth/{BerthId:guid}"] = [Of(City.Berth2.Id, platform.Beta.Berth2.Id)],
            ["/pay/order/{Id:guid}"] = [Of(orders[OwnPlate], Guid.NewGuid())],
            // Without a proof nobody sees it.
            ["/pay/order/{id:guid}/pictures/{passage:guid}/{number:int}"] = [new("id", orders[OwnPlate]) { Rest = $"passage={Guid.NewGuid()}&number=0" }],
            ["/pay/invoice/{OrderId:guid}"] = [new("OrderId", orders[OwnPlate], Guid.NewGuid())],
            ["/pay/appeal/{OrderId:guid}"] = [new("OrderId", orders[OwnPlate], Guid.NewGuid())],
            ["/pay/invoice-told/{id:guid}"] = [Of(ownInvoice, Guid.NewGuid())],
            ["/pay/photo/{id:guid}"] = [Of(ownPhoto, Guid.NewGuid())],
            ["/pay/pass/{Id:guid}"] = [Of(ownPeriod, Guid.NewGuid())],
            ["/pay/pass-buy/{ProductId:guid}"] = [Of(ownProduct.Id, Guid.NewGuid())],
            ["/pay/pass-renew/{PassId:guid}"] = [Of(ownPass.Id, Guid.NewGuid())],
            ["/pay/told/{Code}"] = [new("Code", await ToldAsync(orders[OwnPlate]), "k7m2p9xq4rtw")],
            ["/pay/channel/{PaymentId:guid}"] = [Of(Guid.NewGuid(), Guid.NewGuid())],
            ["/pay/alipay/{accountId:guid}"] = [Of(Guid.NewGuid(), Guid.NewGuid())],
            ["/pay/wechat/{accountId:guid}"] = [Of(Guid.NewGuid(), Guid.NewGuid())],
            ["/demo-channel/{PaymentId:guid}"] = [Of(Guid.NewGuid(), Guid.NewGuid())],
            ["/demo-channel/{paymentId:guid}/confirm"] = [Of(Guid.NewGuid(), Guid.NewGuid())],
            ["/demo-channel/{paymentId:guid}/cancel"] = [Of(Guid.NewGuid(), Guid.NewGuid())],
            ["/help/{Subject}"] = [new("Subject", "booth")],
            ["/language/{culture}"] = [new("culture", "en")],
            ["/look/{accent}.css"] = [new("accent", "blue")],
            ["/error/{Code:int}"] = [new("code", 404)],
        };
    }

    /// <summary>The end of a message's link.</summary>
    async Task<string> ToldAsync(Guid order)
    {
        await using var s = await City.OpenAsync();
        var message = new Message
        {
            Id = Guid.CreateVersion7(),
            Scene = MessageScene.ArrearsFirst,
            Way = MessageWay.Sms,
            SubjectId = order,
            OrderIds = [order],
            Masked = "138****0001",
            Contact = "x",
            Language = OwnerLanguage.English,
            Text = "You owe",
            Code = Message.NewCode(),
            By = "test",
            CreatedAt = s.Now
        };
        s.Db.Add(message);
        await s.Db.SaveChangesAsync(Ct);
        return message.Code;
    }

    async Task<Guid> OwnerAsync(string phone, string name, string plate) => (await platform.Get<SaveOwner>().RunAsync(
        City.User(VehiclePermissions.ManageOwners), new(null, phone, name, "", OwnerLanguage.English, [new OwnerPlateDetails(plate)]), Ct)).Value;

    async Task<Guid> GroupAsync(TestCity city, string name) => (await platform.Get<SavePlateGroup>().RunAsync(
        city.User(VehiclePermissions.ManageGroups), new(null, name, "", []), Ct)).Value;

    async Task<Guid> ShiftAsync(Lot lot, string collector)
    {
        await using var s = await City.OpenAsync();
        var shift = new Shift { Id = Guid.CreateVersion7(), LotId = lot.Id, CollectorId = Guid.CreateVersion7(), Collector = collector, OpenedAt = s.Now };
        s.Db.Add(shift);
        await s.Db.SaveChangesAsync(Ct);
        return shift.Id;
    }

    /// <summary>A period's statement with one lot's line.</summary>
    async Task<(Guid Run, Guid Statement)> ClearingAsync(Lot lot, DateOnly month, string name)
    {
        await using var s = await City.OpenAsync();
        var party = new Party { Id = Guid.CreateVersion7(), Name = name };
        var run = new ClearingRun { Id = Guid.CreateVersion7(), From = month, To = month.AddMonths(1).AddDays(-1), MadeBy = "t", MadeAt = s.Now };
        var statement = new ClearingStatement
        {
            Id = Guid.CreateVersion7(),
            RunId = run.Id,
            PartyId = party.Id,
            Party = name,
            AccountHolder = name,
            Bank = "b",
            AccountNumber = "12345678",
            Amount = new Money(100)
        };
        s.Db.AddRange(party, run, statement, new ClearingLine
        {
            Id = Guid.CreateVersion7(),
            StatementId = statement.Id,
            LotId = lot.Id,
            From = run.From,
            To = run.To,
            Base = new Money(100),
            BasisPoints = ClearingShare.Whole,
            Amount = new Money(100),
            Shared = new Money(100)
        });
        await s.Db.SaveChangesAsync(Ct);
        return (run.Id, statement.Id);
    }

    async Task<Guid> InvoiceAsync(Lot lot, string buyer)
    {
        await using var s = await City.OpenAsync();
        var issuer = new Issuer { Id = Guid.CreateVersion7(), Name = buyer, LotId = lot.Id, ChangedAt = s.Now };
        var invoice = new Invoice
        {
            Id = Guid.CreateVersion7(),
            LotId = lot.Id,
            IssuerId = issuer.Id,
            Serial = buyer,
            Buyer = buyer,
            Rate = 900,
            Gross = new Money(700),
            Tax = new Money(58),
            AskedBy = "t",
            AskedAt = s.Now
        };
        s.Db.AddRange(issuer, invoice);
        await s.Db.SaveChangesAsync(Ct);
        return invoice.Id;
    }

    /// <summary>An appeal, and its picture by the same id.</summary>
    async Task<Guid> AppealAsync(Lot lot, Guid order, string text)
    {
        await using var s = await City.OpenAsync();
        var appeal = new Appeal
        {
            Id = Guid.CreateVersion7(),
            LotId = lot.Id,
            OrderId = order,
            Reason = AppealReason.Other,
            Text = text,
            Phone = "+8613812345678",
            FiledAt = s.Now
        };
        s.Db.AddRange(appeal, new AppealPhoto { Id = appeal.Id, LotId = lot.Id, AppealId = appeal.Id, ContentType = "image/png", Content = [1] });
        await s.Db.SaveChangesAsync(Ct);
        return appeal.Id;
    }

    async Task<Guid> BillAsync()
    {
        await using var s = await City.OpenAsync();
        var account = new ChannelAccount { Id = Guid.CreateVersion7(), Kind = ChannelKind.WeChatPay, Name = "Bills", ChangedAt = s.Now };
        var bill = new ChannelBill
        {
            Id = Guid.CreateVersion7(),
            AccountId = account.Id,
            Day = new DateOnly(2026, 11, 20),
            Rows = 0,
            Paid = Money.Zero,
            Refunded = Money.Zero,
            TakenBy = "t",
            TakenAt = s.Now
        };
        s.Db.AddRange(account, bill);
        await s.Db.SaveChangesAsync(Ct);
        return bill.Id;
    }

    async Task<Guid> PhotoAsync(Lot lot)
    {
        await using var s = await City.OpenAsync();
        var photo = new LotPhoto { Id = Guid.CreateVersion7(), LotId = lot.Id, Caption = "", ContentType = "image/png", Content = [1] };
        s.Db.Add(photo);
        await s.Db.SaveChangesAsync(Ct);
        return photo.Id;
    }

    /// <summary>A passage with a picture that the device uploaded.</summary>
    async Task<Guid> PictureAsync(Device device, string name)
    {
        byte[] png = [.. ImageFileTests.PngSignature, .. ImageFileTests.Chunk("IHDR", new byte[13]), .. ImageFileTests.Chunk("IEND", [])];
        var signedIn = new SignedInDevice(City.Code, device.Id, device.LotId, device.Name, "standard", 0);
        Assert.True((await web.Get<AddPicture>().RunAsync(signedIn, name, png, Ct)).Ok);
        await using var s = await City.OpenAsync();
        var passage = new Passage
        {
            Id = Guid.CreateVersion7(),
            LotId = device.LotId,
            DeviceId = device.Id,
            Entering = true,
            At = s.Now,
            ImageNames = [name],
            Outcome = PassageOutcome.Superseded
        };
        s.Db.Add(passage);
        await s.Db.SaveChangesAsync(Ct);
        return passage.Id;
    }

    async Task<Guid> CalendarAsync(TestCity city, string name) => (await platform.Get<SaveCalendar>().RunAsync(
        city.User(CalendarPermissions.View, CalendarPermissions.Manage), new(null, name, [], true), Ct)).Value;

    async Task<Guid> TariffAsync(TestCity city, string name)
    {
        await using var s = await city.OpenAsync();
        var plan = await s.Db.Set<TariffPlan>().SingleAsync(Ct);
        await s.Db.Set<TariffPlan>().ExecuteUpdateAsync(set => set.SetProperty(p => p.Name, name), Ct);
        return plan.Id;
    }

    async Task<Guid> RunAsync(User user)
    {
        await using var s = await City.OpenAsync();
        var version = await s.Db.Set<TariffVersion>().AsNoTracking().SingleAsync(Ct);
        var session = await s.Db.Set<SignInSession>().Include(x => x.User).SingleOrDefaultAsync(x => x.UserId == user.Id, Ct);
        var who = session is null ? await SignedInAsync(user) : new SignedIn(City.Code, session);
        var run = web.Get<WhatIfRuns>().Start(web.Get<Principals>().ActorOf(Principals.Of(who)), who.Key, version.TariffId,
            new WhatIfQuestion(version.Id, Desk.Today, Desk.Today.AddDays(1), []));
        await run.Ended.InTimeAsync();
        return run.Id;
    }

    async Task<SignedIn> SignedInAsync(User user) =>
        (await web.Get<SignInUser>().RunAsync(new(City.Code, user.UserName!, WebHost.Password, "127.0.0.1", "127.0.0.1", ""), Ct)).Value;

    static string Address(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is not null
        ? Files
        : "/" + endpoint.RoutePattern.RawText!.Trim('/');

    static bool IsOpen(Endpoint endpoint) => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null;

    static bool IsOfApi(Endpoint endpoint) => endpoint.Metadata.GetOrderedMetadata<AuthorizationPolicy>()
        .Any(p => p.AuthenticationSchemes.Contains(Web.Api.ApiTokens.Scheme));

    static IEnumerable<string> Permissions(Endpoint endpoint) =>
        endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Select(a => a.Policy).OfType<string>();

    /// <summary>All that the program serves, but for what tests add.</summary>
    List<RouteEndpoint> Endpoints => [.. web.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .Where(e => !Address(e).StartsWith("/test/", StringComparison.Ordinal))];

    List<RouteEndpoint> Closed => [.. Endpoints.Where(e => !IsOpen(e))];

    /// <summary>Addresses that fill the endpoint's parameters.</summary>
    IEnumerable<(string Path, Case? With)> Paths(RouteEndpoint endpoint, bool foreign)
    {
        var pattern = endpoint.RoutePattern;
        if (pattern.Parameters.Count == 0 || pattern.Parameters.All(p => p.IsCatchAll))
            return [(Fill(pattern.RawText!, _ => ""), null)];
        Assert.True(cases.TryGetValue(Address(endpoint), out var each), $"Say in {nameof(CasesAsync)} with what {Address(endpoint)} is asked");
        return each.Where(c => !foreign || c.Foreign is not null).Select(c => (Fill(pattern.RawText!, name =>
            c.Rest.Split('&').Select(r => r.Split('=')).FirstOrDefault(r => r[0] == name) is [_, var rest]
                ? rest : $"{(foreign ? c.Foreign : c.Own)}"), (Case?)c));
    }

    static string Fill(string pattern, Func<string, string> value) =>
        "/alpha/" + Parameter.Replace(pattern, m => value(m.Groups["name"].Value)).TrimStart('/');

    [GeneratedRegex(@"\{\**(?<name>\w+)[^}]*\}")]
    private static partial Regex Parameter { get; }

    async Task<HttpResponseMessage> AskAsync(HttpClient browser, RouteEndpoint endpoint, string path)
    {
        var methods = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"];
        using var request = new HttpRequestMessage(HttpMethod.Parse(methods.Contains("GET") ? "GET" : methods[0]), path);
        return await browser.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Ct);
    }

    /// <summary>Sent to sign in, or told that one may not.</summary>
    static string? Refusal(HttpResponseMessage answer) => answer.StatusCode switch
    {
        HttpStatusCode.Unauthorized => "sign in",
        HttpStatusCode.Forbidden => "denied",
        HttpStatusCode.Found when answer.Headers.Location!.OriginalString.Contains("/account/sign-in?") => "sign in",
        HttpStatusCode.Found when answer.Headers.Location!.OriginalString.Contains("/account/denied") => "denied",
        _ => null
    };

    async Task<HttpClient> SignedInAsync(string name, string city = "alpha", CookieContainer? cookies = null)
    {
        var browser = Own(web.Browser(cookies));
        Assert.Equal(HttpStatusCode.Found, (await WebHost.SignInAsync(browser, city, name, WebHost.Password, Ct)).StatusCode);
        return browser;
    }

    [Fact]
    public async Task What_is_open_stands_in_the_list()
    {
        var open = Endpoints.Where(IsOpen).Select(Address).Distinct().Order(StringComparer.Ordinal).ToList();
        var list = OpenAddress.Matches(await File.ReadAllTextAsync(SourceTree.At("docs/security.md"), Ct)).Select(m => m.Groups["address"].Value).ToList();
        TestContext.Current.TestOutputHelper!.WriteLine(string.Join('\n', open));
        Assert.Equal(list, open);
    }

    [GeneratedRegex(@"^\| `(?<address>[^`]+)` \| \S.*\|$", RegexOptions.Multiline)]
    private static partial Regex OpenAddress { get; }

    /// <summary>The router of an open page asks what the page itself says, and knows no fallback.</summary>
    [Fact]
    public void Every_page_says_who_may_see_it() => Assert.Empty(
        from page in typeof(Principals).Assembly.GetTypes()
        where page.GetCustomAttributes<RouteAttribute>().Any()
            && !page.GetCustomAttributes().Any(a => a is IAuthorizeData or IAllowAnonymous)
        select page.FullName);

    [Fact]
    public async Task What_is_not_open_refuses_who_has_not_signed_in_here()
    {
        using var nobody = web.Browser();
        var cookies = new CookieContainer();
        await SignedInAsync(Roles.City, "beta", cookies);
        await OtherCityBeginsHereAsync();
        // The other city's cookie, under the name and at the path of this one's.
        foreach (var cookie in cookies.GetAllCookies().ToList())
            cookies.Add(new Uri(web.Address, "/alpha/"), new Cookie(cookie.Name, cookie.Value, "/alpha"));
        using var elsewhere = web.Browser(cookies);
        var answered = new List<string>();
        foreach (var endpoint in Closed)
            foreach (var (path, _) in Paths(endpoint, foreign: false))
                foreach (var (who, browser) in new[] { ("nobody", nobody), ("the other city", elsewhere) })
                    if (await AskAsync(browser, endpoint, path) is var answer && Refusal(answer) != "sign in")
                        answered.Add($"{path} answered {who}: {(int)answer.StatusCode}");
        Assert.Equal("", string.Join('\n', answered));
        Assert.True(Closed.Count > 30);
    }

    [Theory]
    [InlineData(Roles.City)]
    [InlineData(Roles.District)]
    [InlineData(Roles.Company)]
    [InlineData(Roles.Staff)]
    [InlineData(Roles.Attendant)]
    [InlineData(Nobody)]
    public async Task A_role_opens_what_its_permissions_say_and_nothing_else(string role)
    {
        var browser = await SignedInAsync(role);
        var granted = platform.Get<RoleCatalogue>().PermissionsOf(role);
        var wrong = new List<string>();
        foreach (var endpoint in Closed.Where(e => !IsOfApi(e)))
            foreach (var (path, _) in Paths(endpoint, foreign: false))
            {
                var answer = await AskAsync(browser, endpoint, path);
                if (Refusal(answer) != (Permissions(endpoint).All(granted.Contains) ? null : "denied") || (int)answer.StatusCode >= 500)
                    wrong.Add($"{path}: {(int)answer.StatusCode} {answer.Headers.Location}");
            }
        Assert.Equal("", string.Join('\n', wrong));
    }

    [Fact]
    public async Task The_API_asks_for_a_token_of_this_city_and_for_its_permission()
    {
        var api = new ApiPlatform(platform, web);
        Own(api.Http);
        await api.AddClientAsync(City, "all", permissions: [.. platform.Get<RoleCatalogue>().Permissions]);
        await api.AddClientAsync(City, "none", permissions: []);
        await api.AddClientAsync(platform.Beta, "beta", permissions: [.. platform.Get<RoleCatalogue>().Permissions]);
        await OtherCityBeginsHereAsync();
        var browser = await SignedInAsync(Roles.City);
        var endpoints = Closed.Where(IsOfApi).ToList();
        Assert.NotEmpty(endpoints);
        foreach (var endpoint in endpoints)
            foreach (var (path, _) in Paths(endpoint, foreign: false))
            {
                Assert.Equal((path, HttpStatusCode.Unauthorized), (path, (await AskAsync(browser, endpoint, path)).StatusCode));
                Assert.Equal((path, HttpStatusCode.Unauthorized), (path, await ByAsync(platform.Beta, "beta")));
                Assert.Equal((path, HttpStatusCode.Forbidden), (path, await ByAsync(City, "none")));
                Assert.False(await ByAsync(City, "all") is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound, path);

                async Task<HttpStatusCode> ByAsync(TestCity city, string client)
                {
                    using var http = web.Browser();
                    http.DefaultRequestHeaders.Authorization = new("Bearer", await api.TokenAsync(city, client));
                    return (await AskAsync(http, endpoint, path)).StatusCode;
                }
            }
    }

    [Fact]
    public async Task What_is_not_ones_own_is_not_there()
    {
        var browser = north;
        var wrong = new List<string>();
        var asked = 0;
        // A page that lives in a circuit says so itself, see below.
        foreach (var endpoint in Endpoints.Where(e => IsOpen(e) || PageOf(e) is null))
            foreach (var (path, with) in Paths(endpoint, foreign: true).Where(p => p.With is not null))
            {
                asked++;
                var answer = await AskAsync(browser, endpoint, path);
                if (answer.StatusCode is not (HttpStatusCode.NotFound or HttpStatusCode.Forbidden or HttpStatusCode.BadRequest))
                    wrong.Add($"{path}: {(int)answer.StatusCode}");
                if (Channel.IsMatch(path))
                    continue; // only a payment that was begun is there, and those have tests of their own
                var own = Paths(endpoint, foreign: false).First(p => p.With == with).Path;
                answer = await AskAsync(browser, endpoint, own);
                if (answer.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.Found))
                    wrong.Add($"{own}, which is there: {(int)answer.StatusCode}");
            }
        Assert.Equal("", string.Join('\n', wrong));
        Assert.True(asked > 10);
    }

    [GeneratedRegex("^/alpha/(demo-channel|pay/channel|pay/wechat|pay/alipay)/")]
    private static partial Regex Channel { get; }

    static Type? PageOf(Endpoint endpoint) => endpoint.Metadata.GetMetadata<ComponentTypeMetadata>()?.Type;

    [Fact]
    public async Task A_page_of_what_is_not_ones_own_says_that_it_is_not_there()
    {
        var pages = Closed.Where(e => PageOf(e) is not null && e.RoutePattern.Parameters.Count > 0).ToList();
        Assert.NotEmpty(pages);
        foreach (var endpoint in pages)
            foreach (var (_, with) in Paths(endpoint, foreign: true))
            {
                await PageAsync(endpoint, with!.Own, main => main.TextContent.Contains(with.Shows.Own));
                var foreign = await PageAsync(endpoint, with.Foreign!, main => main.QuerySelector(".message-error[role=alert]") is not null);
                Assert.DoesNotContain(with.Shows.Foreign, foreign);
            }
    }

    /// <summary>The page as somebody sees it who sees the North lot alone, once it is so.</summary>
    Task<string> PageAsync(RouteEndpoint endpoint, object id, Func<IElement, bool> so) => web.ShowAsync(City, restricted, PageOf(endpoint)!, so,
        $"{PageOf(endpoint)!.Name} with {id}", Ct, (endpoint.RoutePattern.Parameters[0].Name, id));
}
