using Bunit;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Reports;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Reports;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Tests.Reports;

/// <summary>A day on which more was paid back than came in stands below zero.</summary>
public sealed class IncomeChartTests
{
    static readonly DateOnly Day = new(2026, 11, 21);

    static readonly IncomeRow[] Rows =
    [
        new(Day, Guid.NewGuid(), "North", "cash", 2, new Money(30_00)), new(Day, Guid.NewGuid(), "North", "demo", 1, new Money(10_00)),
        new(Day.AddDays(1), Guid.NewGuid(), "North", "cash", 1, new Money(5_00)), new(Day.AddDays(1), Guid.NewGuid(), "North", "demo", 1, new Money(-20_00))
    ];

    static IRenderedComponent<IncomeTables> Draw(PageContext context, bool onPaper) => context.Render<IncomeTables>(p => p
        .Add(x => x.Currency, Currency.Yuan).Add(x => x.Rows, Rows).Add(x => x.From, Day).Add(x => x.To, Day.AddDays(1)).Add(x => x.OnPaper, onPaper));

    [Fact]
    public async Task The_page_gives_the_chart_what_was_paid_back_as_less_than_nothing()
    {
        await using var context = new PageContext();
        var chart = Draw(context, onPaper: false).FindComponent<Chart>().Instance;
        Assert.Equal([[30m, 5m], [10m, -20m]], chart.Series.Select(s => s.Values.ToArray()));
        Assert.Single(chart.Series.Select(s => s.Stack).Distinct());
    }

    [Fact]
    public async Task On_paper_it_hangs_below_the_axis()
    {
        await using var context = new PageContext();
        var page = Draw(context, onPaper: true);
        var axis = Number(page.Find(".chart-axis"), "y1");
        var bars = page.FindAll(".chart-bar").Select(b => (Top: Number(b, "y"), Bottom: Number(b, "y") + Number(b, "height"))).ToList();
        Assert.Equal(4, bars.Count);
        Assert.Equal([axis, bars[0].Top, axis], bars.Take(3).Select(b => b.Bottom), (a, b) => Math.Abs(a - b) < 0.05);
        Assert.Equal(axis, bars[3].Top, 0.05);
        Assert.Equal(2 * (bars[0].Bottom - bars[0].Top), 3 * (bars[3].Bottom - bars[3].Top), 0.5); // 30 up, 20 down
        Assert.Contains("-20", page.FindAll(".chart-tick").Select(t => t.TextContent));
        Assert.InRange(bars[3].Bottom, axis, 230);
    }

    static double Number(AngleSharp.Dom.IElement element, string name) =>
        double.Parse(element.GetAttribute(name)!, System.Globalization.CultureInfo.InvariantCulture);
}
