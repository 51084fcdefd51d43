using System.Globalization;
using Bunit;
using Microsoft.AspNetCore.Components;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Tests.Shell;

/// <summary>What is typed into a number's field is that number or none, never another one.</summary>
public sealed class NumberInputTests : IAsyncDisposable
{
    readonly PageContext context = new();

    public NumberInputTests() => CultureInfo.CurrentUICulture = new CultureInfo("en");

    public ValueTask DisposeAsync() => context.DisposeAsync();

    [Theory]
    [InlineData("2.5", "2.5")]
    [InlineData(" 12 ", "12")]
    [InlineData("２．５", "2.5")]
    [InlineData("", null)]
    [InlineData("100", "100")]
    public void A_number_is_taken_as_it_is(string typed, string? taken)
    {
        decimal? value = 7;
        var input = Render(7m, v => value = v);
        input.Find("input").Change(typed);
        Assert.Equal(taken is null ? null : decimal.Parse(taken, CultureInfo.InvariantCulture), value);
        Assert.Empty(input.FindAll("[role=alert]"));
    }

    [Theory]
    [InlineData("2,5", "This is no number. Decimals stand behind a point: 2.5")]
    [InlineData("4o", "This is no number. Decimals stand behind a point: 2.5")]
    [InlineData("40元", "This is no number. Decimals stand behind a point: 2.5")]
    [InlineData("1e3", "This is no number. Decimals stand behind a point: 2.5")]
    [InlineData("-2.5", "Between 0 and 100.")]
    [InlineData("5000000000", "Between 0 and 100.")]
    [InlineData("30.999", "At most 2 decimals.")]
    public void What_is_no_such_number_stays_as_it_was_typed_and_is_said(string typed, string said)
    {
        decimal? value = 7;
        var input = Render(7m, v => value = v);
        input.Find("input").Change(typed);
        Assert.Equal((7, typed, said), (value, input.Find("input").GetAttribute("value"), input.Find("[role=alert]").TextContent));
        input.Find("input").Change("8");
        Assert.Equal(8, value);
        Assert.Empty(input.FindAll("[role=alert]"));
    }

    [Theory]
    [InlineData("", "A number is needed here.")]
    [InlineData("12.7", "A whole number is needed here.")]
    [InlineData("5000000000", "At most 2147483647.")]
    public void A_count_is_whole_and_not_empty(string typed, string said)
    {
        var input = context.Render<NumberInput<int>>(p => p.Add(i => i.Value, 3));
        input.Find("input").Change(typed);
        Assert.Equal(said, input.Find("[role=alert]").TextContent);
    }

    [Fact]
    public void A_form_with_a_wrong_number_is_not_saved()
    {
        var saved = 0;
        var form = context.Render<DialogForm>(p => p
            .Add(f => f.Save, () =>
            {
                saved++;
                return Task.FromResult<Error?>(null);
            })
            .Add<NumberInput<int>>(f => f.ChildContent, i => i.Add(x => x.Value, 3).Add(x => x.InputId, "Capacity")));
        form.Find("#Capacity").Change("12x");
        form.Find("form").Submit();
        Assert.Equal(0, saved);
        Assert.Contains("Nothing is saved yet", form.Find(".message-error").TextContent);
        form.Find("#Capacity").Change("12");
        form.Find("form").Submit();
        Assert.Equal(1, saved);
    }

    IRenderedComponent<NumberInput<decimal?>> Render(decimal? value, Action<decimal?> changed) => context.Render<NumberInput<decimal?>>(p => p
        .Add(i => i.Value, value).Add(i => i.ValueChanged, EventCallback.Factory.Create(this, changed))
        .Add(i => i.Min, 0).Add(i => i.Max, 100).Add(i => i.Decimals, 2));
}
