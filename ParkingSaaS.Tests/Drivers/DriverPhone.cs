using System.Net;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Orders;
using ParkingSaaS.Web.Node;

namespace ParkingSaaS.Tests.Drivers;

/// <summary>A driver's phone without JavaScript, in front of the real application.</summary>
public abstract class DriverPhone(Cluster cluster) : DayTest(cluster)
{
    protected WebHost web = null!;
    protected HttpClient phone = null!;

    /// <summary>More settings of the application.</summary>
    protected virtual string[] Settings => [];

    protected override async Task PrepareAsync()
    {
        web = Own(await WebHost.StartAsync(platform, Ct, null, ["--Payments:Demo=true", .. Settings]));
        phone = Own(web.Browser());
        phone.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
    }

    protected async Task<IDocument> GetAsync(string path)
    {
        var answer = await phone.GetAsync(path, Ct);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await WebHost.PageAsync(answer, Ct);
    }

    /// <summary>Looks a plate up.</summary>
    protected async Task<HttpResponseMessage> LookUpAsync(string path, string plate, string? phoneEnd = null) => await SendAsync(await GetAsync(path), path,
        [("Input.Rest", plate), .. phoneEnd is null ? [] : new[] { ("Input.PhoneEnd", phoneEnd) }]);

    /// <summary>Sends the page's first form as it stands, or with some fields filled in.</summary>
    protected async Task<HttpResponseMessage> SendAsync(IDocument page, string path, params (string Name, string Value)[] filled)
    {
        var form = page.QuerySelector("main form")!;
        var fields = form.QuerySelectorAll("input:not([type=radio])").ToDictionary(i => i.GetAttribute("name")!, i => i.GetAttribute("value") ?? "");
        foreach (var (name, value) in filled)
            fields[name] = value;
        return await phone.PostAsync(new Uri(new Uri(web.Address, "/alpha/"), form.GetAttribute("action") ?? path), new FormUrlEncodedContent(fields), Ct);
    }

    protected static string To(HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        return answer.Headers.Location!.IsAbsoluteUri ? answer.Headers.Location.PathAndQuery : answer.Headers.Location.OriginalString;
    }

    protected static string Text(IDocument page) => Regex.Replace(page.QuerySelector("main")!.TextContent, @"\s+", " ");
}
