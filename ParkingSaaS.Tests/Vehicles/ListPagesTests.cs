using Bunit;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Imports;
using ParkingSaaS.Core.Vehicles;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Imports;
using ParkingSaaS.Web.Vehicles;

namespace ParkingSaaS.Tests.Vehicles;

/// <summary>A file for a list and a list's history, as a person meets them.</summary>
public sealed class ListPagesTests(Cluster cluster) : PlatformTest(cluster)
{
    const string Car = "浙Q27001";

    IReadOnlyList<TableImport> Lists => [.. platform.Services.GetServices<TableImport>().OfType<ImportPlates>()];

    [Fact]
    public async Task A_file_shows_each_change_and_is_saved_when_that_was_seen()
    {
        var who = await platform.Alpha.SignInAsync(Roles.City);
        var admin = platform.Alpha.User(VehiclePermissions.ManageLists);
        Assert.True((await platform.Get<SavePlateRules>().RunAsync(admin,
            new(null, PlateListKind.White, [Car], null, null, new(2026, 12, 31), "staff"), Ct)).Ok);
        await using var context = new PageContext(platform, who);
        var form = context.Render<ImportForm>(p => p.Add(f => f.Imports, Lists));
        await form.WaitForElementAsync(".choose [type=radio]");
        await form.Find("#Text").ChangeAsync($"{Car},guest\n浙Q27002,guest");
        await form.Find("form").SubmitAsync();
        Assert.Equal("Import", form.Find(".dialog-buttons button").TextContent.Trim());
        Assert.Contains("Whitelist · All lots of the city", form.Find("[role=status]").TextContent);
        Assert.Contains("1 is new, 1 changes, 0 stay as they are", form.Find("[role=status]").TextContent);
        Assert.Contains("Reason: staff → guest", form.Find(".import-preview").TextContent);
        Assert.DoesNotContain("Last day", form.Find(".import-preview").TextContent);
        Assert.Equal(["staff"], await ReasonsAsync());

        // Somebody is quicker: what would happen now is shown instead, and nothing has happened.
        await using (var s = await platform.Alpha.OpenAsync())
            Assert.True((await platform.Get<SavePlateRules>().RunAsync(admin, new((await s.Db.Set<PlateRule>().SingleAsync(Ct)).Id, PlateListKind.White, [Car],
                null, null, new(2026, 12, 31), "board"), Ct)).Ok);
        await form.Find("form").SubmitAsync();
        Assert.NotEmpty(form.FindAll("[role=alert]"));
        Assert.Contains("Reason: board → guest", form.Find(".import-preview").TextContent);
        Assert.Equal(["board"], await ReasonsAsync());
        await form.Find("form").SubmitAsync();
        Assert.Equal(["guest", "guest"], await ReasonsAsync());

        var history = context.Render<PlateChanges>();
        var lines = (await history.WaitForElementsAsync(".rows > li", 4)).Select(li => li.TextContent).ToList();
        Assert.Contains(lines, l => l.Contains("Reason: board → guest", StringComparison.Ordinal) && l.Contains("with a file", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.Contains("Reason: staff → board", StringComparison.Ordinal) && !l.Contains("with a file", StringComparison.Ordinal));
        Assert.Contains("is put on the list", lines[^1]);
        Assert.Contains("Last day: 2026-12-31", lines[^1]);
    }

    [Fact]
    public async Task A_workbook_is_taken_and_what_is_none_is_refused_in_words()
    {
        var who = await platform.Alpha.SignInAsync(Roles.City);
        await using var context = new PageContext(platform, who);
        var form = context.Render<ImportForm>(p => p.Add(f => f.Imports, Lists));
        await form.WaitForElementAsync(".choose [type=radio]");
        var file = form.FindComponent<InputFile>();
        Assert.Equal(".csv,.txt,.xlsx,.xls", file.Find("#File").GetAttribute("accept"));
        foreach (var (content, words) in new[]
        {
            ("PK\u0003\u0004 no more"u8.ToArray(), "The file is neither text nor an Excel workbook, or it is damaged."),
            (SheetFile.Sample("protected.xlsx"), "The workbook is protected by a password. Save it without one."),
            (new byte[TableImport.MaxLength + 1], "The file is too large.")
        })
        {
            file.UploadFiles(InputFileContent.CreateFromBinary(content, "list.xlsx"));
            await form.WaitForAssertionAsync(() => Assert.Equal(words, form.Find(".field-invalid [role=alert]").TextContent));
        }
        file.UploadFiles(InputFileContent.CreateFromBinary(
            await SheetFile.OfAsync(["车牌", "原因", "首日", "末日"], [Car, "staff", null, new DateOnly(2026, 12, 31)]), "list.xlsx"));
        await form.Find("form").SubmitAsync();
        Assert.Contains("Last day: 2026-12-31", form.Find(".import-preview").TextContent);
        await form.Find("form").SubmitAsync();
        Assert.Equal(["staff"], await ReasonsAsync());
    }

    async Task<List<string>> ReasonsAsync()
    {
        await using var s = await platform.Alpha.OpenAsync();
        return await s.Db.Set<PlateRule>().Select(r => r.Reason).Order().ToListAsync(Ct);
    }
}
