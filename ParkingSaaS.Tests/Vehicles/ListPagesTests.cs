using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Vehicles;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Vehicles;

namespace ParkingSaaS.Tests.Vehicles;

/// <summary>A file for a list and a list's history, as a person meets them.</summary>
public sealed class ListPagesTests(Cluster cluster) : PlatformTest(cluster)
{
    const string Car = "浙Q27001";

    [Fact]
    public async Task A_file_shows_each_change_and_is_saved_when_that_was_seen()
    {
        var who = await platform.Alpha.SignInAsync(Roles.City);
        var admin = platform.Alpha.User(VehiclePermissions.ManageLists);
        Assert.True((await platform.Get<SavePlateRules>().RunAsync(admin,
            new(null, PlateListKind.White, [Car], null, null, new(2026, 12, 31), "staff"), Ct)).Ok);
        await using var page = new TestRenderer(services => services.AddSignedIn(platform, who).AddSingleton(platform.Get<ImportPlateRules>()));
        await page.RenderAsync<PlateImportForm>();
        await page.FireAsync("id", "Text", "onchange", new ChangeEventArgs { Value = $"{Car},guest\n浙Q27002,guest" });
        await page.FireAsync("class", "dialog-form", "onsubmit");
        var preview = await page.UntilAsync(".import-preview");
        Assert.Equal("Import", preview.QuerySelector(".dialog-buttons button")!.TextContent.Trim());
        Assert.Contains("1 plates are new, 1 change, 0 stay as they are", preview.Body!.TextContent);
        Assert.Contains("Reason: staff → guest", preview.QuerySelector(".import-preview")!.TextContent);
        Assert.DoesNotContain("Last day", preview.QuerySelector(".import-preview")!.TextContent);
        Assert.Equal(["staff"], await ReasonsAsync());

        // Somebody is quicker: what would happen now is shown instead, and nothing has happened.
        await using (var s = await platform.Alpha.OpenAsync())
            Assert.True((await platform.Get<SavePlateRules>().RunAsync(admin, new((await s.Db.PlateRules.SingleAsync(Ct)).Id, PlateListKind.White, [Car],
                null, null, new(2026, 12, 31), "board"), Ct)).Ok);
        await page.FireAsync("class", "dialog-form", "onsubmit");
        preview = await page.UntilAsync("[role=alert]");
        Assert.Contains("Reason: board → guest", preview.QuerySelector(".import-preview")!.TextContent);
        Assert.Equal(["board"], await ReasonsAsync());
        await page.FireAsync("class", "dialog-form", "onsubmit");
        Assert.Equal(["guest", "guest"], await ReasonsAsync());

        await using var history = new TestRenderer(services => services.AddSignedIn(platform, who));
        await history.RenderAsync<PlateChanges>();
        var lines = (await history.DomAsync()).QuerySelectorAll(".rows > li").Select(li => li.TextContent).ToList();
        Assert.Equal(4, lines.Count);
        Assert.Contains(lines, l => l.Contains("Reason: board → guest", StringComparison.Ordinal) && l.Contains("with a file", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.Contains("Reason: staff → board", StringComparison.Ordinal) && !l.Contains("with a file", StringComparison.Ordinal));
        Assert.Contains("is put on the list", lines[^1]);
        Assert.Contains("Last day: 2026-12-31", lines[^1]);
    }

    [Fact]
    public async Task A_workbook_is_taken_and_what_is_none_is_refused_in_words()
    {
        var who = await platform.Alpha.SignInAsync(Roles.City);
        await using var page = new TestRenderer(services => services.AddSignedIn(platform, who).AddSingleton(platform.Get<ImportPlateRules>()));
        await page.RenderAsync<PlateImportForm>();
        Assert.Equal(".csv,.txt,.xlsx,.xls", (await page.DomAsync()).GetElementById("File")!.GetAttribute("accept"));
        foreach (var (content, words) in new[] { ("PK\u0003\u0004 no more"u8.ToArray(), "The file is neither text nor an Excel workbook, or it is damaged."),
            (SheetFile.Sample("protected.xlsx"), "The workbook is protected by a password. Save it without one."), (new byte[PlateFile.MaxLength + 1], "The file is too large.") })
        {
            await page.ChooseAsync(new ChosenFile("list.xlsx", content));
            Assert.Contains(page.Get<Radzen.NotificationService>().Messages, m => m.Summary == words);
        }
        await page.ChooseAsync(new ChosenFile("list.xlsx", await SheetFile.OfAsync(["车牌", "原因", "首日", "末日"], [Car, "staff", null, new DateOnly(2026, 12, 31)])));
        await page.FireAsync("class", "dialog-form", "onsubmit");
        Assert.Contains("Last day: 2026-12-31", (await page.UntilAsync(".import-preview")).Body!.TextContent);
        await page.FireAsync("class", "dialog-form", "onsubmit");
        Assert.Equal(["staff"], await ReasonsAsync());
    }

    async Task<List<string>> ReasonsAsync()
    {
        await using var s = await platform.Alpha.OpenAsync();
        return await s.Db.PlateRules.Select(r => r.Reason).Order().ToListAsync(Ct);
    }
}
