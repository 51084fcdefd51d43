using System.Text.Json.Nodes;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Web.Tariffs;

namespace ParkingSaaS.Tests.Tariffs;

/// <summary>A tariff while forms write into it.</summary>
public sealed class TariffSheetTests
{
    static readonly Tariff Street = TariffTemplate.All.Single(t => t.Id == "on-street").Tariff;

    readonly TariffSheet sheet = new(TariffJson.Write(Street));

    [Fact]
    public void What_no_form_shows_is_kept()
    {
        sheet.Set("/rules/0/appliesTo/dates", new JsonArray(new JsonObject { ["from"] = "2026-10-01", ["to"] = "2026-10-07" }));
        sheet.Set("/rules/0/name", "holiday night");
        var rule = TariffJson.Read(sheet.Json).Tariff!.Rules[0];
        Assert.Equal(new DateOnly(2026, 10, 7), rule.AppliesTo!.Dates[0].To);
        Assert.True(sheet.Dirty);
    }

    [Fact]
    public void An_object_left_without_fields_goes_too()
    {
        sheet.Set("/rules/0/appliesTo/vehicles", new JsonArray("large"));
        sheet.Set("/rules/0/appliesTo/vehicles", null);
        sheet.Set("/rules/0/window/from", null);
        sheet.Set("/rules/0/window/to", null);
        sheet.Set("/rules/1/cap/amount", null); // a limit without an amount is none, whatever it was per
        Assert.Equal((null, null), (sheet.Tariff!.Rules[0].AppliesTo, sheet.Tariff.Rules[0].Window));
        Assert.Null(sheet.Tariff.Rules[1].Cap);
    }

    [Fact]
    public void Entries_are_added_moved_and_removed()
    {
        sheet.Add("/caps", new JsonObject { ["amount"] = 30, ["per"] = "day" });
        Assert.Equal(30, Assert.Single(sheet.Tariff!.Caps).Amount);
        sheet.Move("/rules", 0, 1);
        sheet.Move("/rules", 0, -1); // already first
        Assert.Equal(["workday", "night", "rest-day"], sheet.Tariff!.Rules.Select(r => r.Id));
        sheet.Remove("/rules", 1);
        sheet.Remove("/caps", 0);
        Assert.Equal(["workday", "rest-day"], sheet.Tariff!.Rules.Select(r => r.Id));
        Assert.Null(sheet.Get("/caps"));
    }

    [Fact]
    public void What_is_wrong_is_said_at_its_field()
    {
        sheet.Set("/rules/1/charge/stages/1/total", -1);
        Assert.Null(sheet.Tariff);
        Assert.Equal("price.range", Assert.Single(sheet.ProblemsAt("/rules/1/charge/stages/1/total")).Code);
    }

    /// <summary>Today nobody could write it; it is shown and tried out as it is in force, and a draft made of it must be mended.</summary>
    [Fact]
    public void What_was_published_is_there_though_it_would_be_refused_today()
    {
        var version = new TariffVersion
        {
            Id = Guid.NewGuid(),
            TariffId = Guid.NewGuid(),
            Number = 1,
            PublishedAt = DateTimeOffset.UnixEpoch,
            Definition = TariffJson.Write(Street with { Currency = new() { Code = "TND", Digits = 2 }, Description = "a\u0007b" })
        };
        var kept = new TariffSheet(version.Definition, version.Read().Tariff);
        Assert.Equal(Street.Rules.Count, kept.Tariff!.Rules.Count);
        kept.Set("/name", "another");
        Assert.Null(kept.Tariff);
        version.PublishedAt = null;
        Assert.Null(version.Read().Tariff);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"name":1,"name":2}""")]
    public void What_is_no_JSON_object_changes_nothing(string json)
    {
        var before = sheet.Json;
        Assert.NotNull(sheet.Replace(json));
        Assert.Equal(before, sheet.Json);
        Assert.False(sheet.Dirty);
    }
}
