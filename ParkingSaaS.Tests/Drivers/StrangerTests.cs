using System.Net;
using AngleSharp.Dom;
using ParkingSaaS.Core.Vehicles;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Passes;
using ParkingSaaS.Web.Node;

namespace ParkingSaaS.Tests.Drivers;

/// <summary>What somebody reads who typed a plate that need not be theirs.</summary>
public abstract class Stranger(Cluster cluster) : DriverPhone(cluster)
{
    protected const string Car = "粤B12345";

    /// <summary>A car of an owner with the telephone …5678 that came at 09:00 and owes 7 yuan; its order page.</summary>
    protected async Task<string> ParkedAsync()
    {
        var owner = Guid.CreateVersion7();
        await using (var s = await day.City.OpenAsync())
        {
            s.Db.Set<Owner>().Add(new Owner
            {
                Id = owner,
                Phone = "+8613812345678",
                CreatedAt = TestPlatform.Start,
                ChangedAt = TestPlatform.Start,
                ChangedBy = "test"
            });
            s.Db.Set<OwnerPlate>().Add(new OwnerPlate { Plate = Car, OwnerId = owner, IsDefault = true });
            await s.Db.SaveChangesAsync(Ct);
        }
        await day.EnterAsync(Car, 0.5);
        day.Until(62);
        return $"/alpha/pay/order/{(await day.OrderAsync()).Id}";
    }

    /// <summary>Sends the form that asks for the end of a telephone.</summary>
    protected Task<HttpResponseMessage> ProveAsync(IDocument page, string path, string end)
    {
        var form = page.QuerySelector("main form:has(input[name='Input.PhoneEnd'])")!;
        var fields = form.QuerySelectorAll("input").ToDictionary(i => i.GetAttribute("name")!, i => i.GetAttribute("value") ?? "");
        fields["Input.PhoneEnd"] = end;
        return phone.PostAsync(path, new FormUrlEncodedContent(fields), Ct);
    }

    protected async Task<IDocument> ReadAsync(HttpResponseMessage answer, HttpStatusCode status = HttpStatusCode.OK)
    {
        Assert.Equal(status, answer.StatusCode);
        return await WebHost.PageAsync(answer, Ct);
    }
}

/// <summary>By default: enough to pay.</summary>
public sealed class CoarseStrangerTests(Cluster cluster) : Stranger(cluster)
{
    protected override string[] Settings => ["--Limits:PlatesPerHour=20"];

    [Fact]
    public async Task A_stranger_reads_lot_fee_and_the_hour_and_can_pay()
    {
        var orderPage = await ParkedAsync();
        Assert.Equal(orderPage, To(await LookUpAsync("/alpha/pay", Car)));
        var page = await GetAsync(orderPage);
        Assert.Contains("¥7.00", page.QuerySelector(".driver-owed")!.TextContent);
        Assert.Contains("about 2026-11-21 09:00", Text(page));
        Assert.DoesNotContain("09:00:30", Text(page));
        Assert.DoesNotContain("Parked so far", Text(page));
        Assert.Null(page.QuerySelector("table.fee"));
        Assert.Contains("Anybody can type a plate", Text(page));
        var channel = To(await SendAsync(page, orderPage));
        // To begin a payment and to drop it proves nothing.
        Assert.DoesNotContain("09:00:30", Text(await GetAsync(orderPage)));
        await SendAsync(await GetAsync(channel), channel);
        Assert.Contains("09:00:30", Text(await GetAsync(orderPage)));
        Assert.Contains("Leave before", Text(await GetAsync(orderPage)));
        using var other = web.Browser();
        other.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
        Assert.DoesNotContain("Leave before", await other.GetStringAsync(orderPage, Ct));
    }

    [Fact]
    public async Task Who_knows_the_owners_telephone_or_stands_in_the_lot_reads_everything()
    {
        var orderPage = await ParkedAsync();
        var page = await ReadAsync(await ProveAsync(await GetAsync(orderPage), orderPage, "1234"));
        Assert.Contains("These are not the last digits", Text(page));
        Assert.Equal(orderPage, To(await ProveAsync(page, orderPage, "5678")));
        Assert.Contains("09:00:30", Text(await GetAsync(orderPage)));

        using var other = web.Browser();
        Assert.DoesNotContain("09:00:30", await other.GetStringAsync(orderPage, Ct));
        await other.GetAsync($"/alpha/pay/lot/{day.City.South.Id}", Ct);
        Assert.DoesNotContain("09:00:30", await other.GetStringAsync(orderPage, Ct));
        await other.GetAsync($"/alpha/pay/lot/{day.City.North.Id}", Ct);
        Assert.Contains("09:00:30", await other.GetStringAsync(orderPage, Ct));
    }

    [Fact]
    public async Task The_end_of_a_telephone_cannot_be_tried_out()
    {
        var orderPage = await ParkedAsync();
        for (var i = 0; i < 5; i++)
            await ProveAsync(await GetAsync(orderPage), orderPage, $"000{i}");
        var page = await ReadAsync(await ProveAsync(await GetAsync(orderPage), orderPage, "5678"));
        Assert.Contains("Too many wrong digits", Text(page));
        day.Until(123);
        Assert.Equal(orderPage, To(await ProveAsync(page, orderPage, "5678")));
    }

    [Fact]
    public async Task A_forged_proof_is_none()
    {
        var orderPage = await ParkedAsync();
        phone.DefaultRequestHeaders.Add("Cookie", "driver=forged");
        Assert.DoesNotContain("09:00:30", Text(await GetAsync(orderPage)));
    }

    [Fact]
    public async Task Plates_cannot_be_tried_by_the_hundred()
    {
        for (var i = 0; i < 20; i++)
            await ReadAsync(await LookUpAsync("/alpha/pay", $"粤B0000{i:00}"));
        Assert.Contains("Too many plates", Text(await ReadAsync(await LookUpAsync("/alpha/pay", "粤B99999"), HttpStatusCode.TooManyRequests)));
        Assert.Contains("Too many plates", Text(await ReadAsync(await LookUpAsync("/alpha/pay/passes", "粤B99999", "0000"), HttpStatusCode.TooManyRequests)));
        Assert.Contains("Too many plates", Text(await ReadAsync(await LookUpAsync("/beta/pay", "粤B99999"), HttpStatusCode.TooManyRequests)));
        // One's own is asked for again and again.
        Assert.Contains("Nothing is open", Text(await ReadAsync(await LookUpAsync("/alpha/pay", "粤B000000"))));
        day.Until(61);
        Assert.Contains("Nothing is open", Text(await ReadAsync(await LookUpAsync("/alpha/pay", "粤B99999"))));
    }

    [Fact]
    public async Task A_pass_is_shown_to_who_knows_its_holder_only()
    {
        var desk = new Desk(day);
        var product = await desk.ProductAsync(desk.Details() with { OnLine = true });
        var pass = await desk.ActiveAsync(Desk.Sale(product, Car) with { Phone = "13800001111" });
        foreach (var wrong in new[] { "", "0000", "%111", "01111" })
            Assert.DoesNotContain($"Pass {pass.Number}", Text(await ReadAsync(await LookUpAsync("/alpha/pay/passes", Car, wrong))));
        Assert.Contains($"Pass {pass.Number}", Text(await ReadAsync(await LookUpAsync("/alpha/pay/passes", Car, "1111"))));
    }
}

/// <summary>Where the setting asks for a proof.</summary>
public sealed class ProofStrangerTests(Cluster cluster) : Stranger(cluster)
{
    protected override string[] Settings => ["--Drivers:StrangerSees=Proof"];

    [Fact]
    public async Task Without_a_proof_nobody_learns_whether_there_is_a_stay()
    {
        var orderPage = await ParkedAsync();
        var wrong = Text(await ReadAsync(await LookUpAsync("/alpha/pay", Car, "0000")));
        var nobody = Text(await ReadAsync(await LookUpAsync("/alpha/pay", "粤B99999", "0000")));
        Assert.Equal(nobody.Replace("粤B99999", Car), wrong);
        var page = await GetAsync(orderPage);
        Assert.DoesNotContain("North", Text(page));
        Assert.DoesNotContain("7.00", Text(page));

        Assert.Equal(orderPage, To(await LookUpAsync("/alpha/pay", Car, "5678")));
        Assert.Contains("09:00:30", Text(await GetAsync(orderPage)));
    }

    [Fact]
    public async Task The_code_of_the_lot_asks_nothing_more()
    {
        var orderPage = await ParkedAsync();
        Assert.Equal(orderPage, To(await LookUpAsync($"/alpha/pay/lot/{day.City.North.Id}", Car)));
        Assert.Contains("09:00:30", Text(await GetAsync(orderPage)));
    }
}

/// <summary>Where the setting hides nothing.</summary>
public sealed class ExactStrangerTests(Cluster cluster) : Stranger(cluster)
{
    protected override string[] Settings => ["--Drivers:StrangerSees=Exact"];

    [Fact]
    public async Task Everybody_reads_everything()
    {
        var orderPage = await ParkedAsync();
        Assert.Equal(orderPage, To(await LookUpAsync("/alpha/pay", Car)));
        Assert.Contains("09:00:30", Text(await GetAsync(orderPage)));
        Assert.Null((await GetAsync("/alpha/pay/passes")).QuerySelector("input[name='Input.PhoneEnd']"));
    }
}
