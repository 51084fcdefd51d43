using Bunit;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Finance;
using ParkingSaaS.Core.Reports;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Finance;

namespace ParkingSaaS.Tests.Finance;

/// <summary>A day of the books by its address.</summary>
public sealed class BookDayPageTests(Cluster cluster) : PageTest(cluster)
{
    [Theory]
    [InlineData("9999-12-31")]
    [InlineData("0001-01-01")]
    [InlineData("2101-01-01")]
    [InlineData("2026-02-30")]
    public async Task A_day_that_nobody_means_is_not_there(string date)
    {
        await using var context = await ContextAsync();
        var page = context.Render<BookDayPage>(p => p.Add(x => x.Date, date));
        Assert.Single(page.FindAll("[role=alert]"));
        Assert.Empty(page.FindAll("section"));
    }

    [Theory]
    [InlineData("9999-12-01", "9999-12-31")]
    [InlineData("0001-01-01", "0001-01-02")]
    [InlineData("2026-12-02", "2026-12-01")]
    public async Task Nor_is_a_period_of_them_read(string first, string last)
    {
        var (from, to) = (DateOnly.Parse(first, null), DateOnly.Parse(last, null));
        Assert.IsType<InvalidField>((await platform.Get<BookQueries>().DaysAsync(City.User(FinancePermissions.Books), from, to, null, Ct)).Error);
        Assert.IsType<InvalidField>((await platform.Get<DailyIncome>().RunAsync(City.User(ReportPermissions.Income), from, to, null, Ct)).Error);
    }
}
