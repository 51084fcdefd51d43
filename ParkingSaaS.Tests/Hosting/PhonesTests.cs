using System.IO.Compression;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Routing;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Vehicles;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Orders;
using ParkingSaaS.Tests.Passes;

namespace ParkingSaaS.Tests.Hosting;

/// <summary>Whole telephone numbers leave the program for those only who may see them: whatever address answers, also one that is new.</summary>
public sealed class PhonesTests(Cluster cluster) : DayTest(cluster)
{
    const string Holder = "13800000000";
    const string Owner = "13912345678";
    WebHost web = null!;

    protected override async Task PrepareAsync()
    {
        var desk = new Desk(day);
        await desk.ActiveAsync(Desk.Sale(await desk.ProductAsync(), Desk.Car));
        Assert.True((await day.Platform.Get<SaveOwner>().RunAsync(day.City.User(VehiclePermissions.ManageOwners),
            new OwnerDetails(null, Owner, "Li", "", OwnerLanguage.Chinese, [new(Desk.Car)]), Ct)).Ok);
        await day.EnterAsync(Desk.Car, 0);
        await day.LeaveAsync(Desk.Car, 30);
        web = Own(await WebHost.StartAsync(day.Platform, Ct));
    }

    [Theory]
    [InlineData(Roles.Attendant, false), InlineData(Roles.Staff, false), InlineData(Roles.Company, false), InlineData(Roles.District, false)]
    [InlineData(Roles.City, true)]
    public async Task Every_address_is_walked(string role, bool sees)
    {
        await web.AddUserAsync(day.City, role, role, Ct, user =>
        {
            user.AreaId = role == Roles.District ? day.City.NorthArea.Id : null;
            user.CompanyId = role is Roles.Company or Roles.Staff ? day.City.NorthCompany.Id : null;
            user.LotIds = role == Roles.Attendant ? [day.City.North.Id] : [];
        });
        using var browser = web.Browser();
        await WebHost.SignInAsync(browser, day.City.Code, role, WebHost.Password, Ct);
        var said = new StringBuilder();
        var files = 0;
        foreach (var path in Addresses())
        {
            using var answer = await browser.GetAsync($"/alpha/{path}?from=2026-11-01&to=2026-11-30", Ct);
            if (answer.StatusCode != HttpStatusCode.OK)
                continue;
            files += path.Contains(".xlsx", StringComparison.Ordinal) ? 1 : 0;
            said.AppendLine(await TextAsync(answer));
        }
        Assert.True(files > 1, "The files are no longer found");
        Assert.Contains(Desk.Car, said.ToString()); // the pass itself is told
        Assert.Equal(sees, said.ToString().Contains(Holder));
        Assert.True(sees || !said.ToString().Contains(Owner));
        Assert.DoesNotContain(web.Logs.Lines, line => line.Contains(Holder) || line.Contains(Owner));
    }

    /// <summary>Those that need nothing more than their name.</summary>
    List<string> Addresses() => [.. web.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .Where(e => e.RoutePattern.Parameters.Count == 0 && e.RoutePattern.RawText is not null
            && e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("GET") is not false)
        .Select(e => e.RoutePattern.RawText!.Trim('/')).Where(path => !path.StartsWith('_')).Distinct()];

    static async Task<string> TextAsync(HttpResponseMessage answer)
    {
        var content = await answer.Content.ReadAsByteArrayAsync(Ct);
        if (content is not [(byte)'P', (byte)'K', ..])
            return Encoding.UTF8.GetString(content);
        using var book = new ZipArchive(new MemoryStream(content));
        var text = new StringBuilder();
        foreach (var part in book.Entries)
            using (var reader = new StreamReader(part.Open()))
                text.Append(await reader.ReadToEndAsync(Ct).InTimeAsync());
        return text.ToString();
    }
}
