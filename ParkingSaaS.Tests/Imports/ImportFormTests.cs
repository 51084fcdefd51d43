using System.Net;
using Bunit;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Imports;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Imports;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Tests.Imports;

/// <summary>A table as a person hands it over: the file, what it would do, and what it did.</summary>
public sealed class ImportFormTests(Cluster cluster) : ImportTest(cluster)
{
    async Task<PageContext> ContextAsync() => new(platform, await City.SignInAsync(Roles.City));

    [Fact]
    public async Task A_workbook_shows_what_becomes_of_each_line_and_is_saved_when_that_was_seen()
    {
        await using var context = await ContextAsync();
        var form = context.Render<ImportForm>(p => p.Add(f => f.Imports, [platform.Get<ImportLots>(), platform.Get<ImportLanes>()]));
        Assert.Contains("imports/lots.xlsx", form.Find(".hint a").GetAttribute("href"));
        form.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromBinary(await SheetFile.OfAsync(["名称", "类型", "区域", "车位总数"],
            ["# as it is known"], ["Harbour", "室内", "North district", 30], ["North", null, null, 120], ["South", null, null, 2]), "lots.xlsx"));
        await form.Find("form").SubmitAsync();
        Assert.Equal("Import", form.Find(".dialog-buttons button").TextContent.Trim());
        Assert.Contains("1 is new, 1 changes, 1 stays as it is", form.Find("[role=status]").TextContent);
        var lines = form.FindAll(".import-preview tbody tr").Select(r => r.TextContent).ToList();
        Assert.Contains("Capacity: 100 → 120", lines[0]);
        Assert.Contains("New", lines[1]);
        Assert.Contains("Kind: Indoor", lines[1]);
        Assert.Contains("Unchanged", lines[2]);
        Assert.Equal(100, (await LotAsync("North")).Capacity);
        await form.Find("form").SubmitAsync();
        Assert.Equal(120, (await LotAsync("North")).Capacity);
        Assert.Contains(context.Services.GetRequiredService<ISnackbar>().ShownSnackbars, m => m.Message == "1 is added, 1 changed.");
    }

    [Fact]
    public async Task Wrong_cells_are_named_and_the_file_can_be_put_right()
    {
        await using var context = await ContextAsync();
        var form = context.Render<ImportForm>(p => p.Add(f => f.Imports, [platform.Get<ImportLanes>()]).Add(f => f.LotId, City.North.Id));
        await form.Find("#Text").ChangeAsync("Name,Direction\nWest,sideways");
        await form.Find("form").SubmitAsync();
        Assert.Equal("1 cell is wrong; nothing was saved.", form.Find("[role=alert]").TextContent);
        Assert.Equal("B2Direction “sideways” is not one of: Entry, Exit, Entry and exit.", form.Find(".import-preview tbody tr").TextContent);
        await form.Find("#Text").ChangeAsync("Name,Direction\nWest,exit");
        await form.Find("form").SubmitAsync();
        Assert.Contains("North · West", form.Find(".import-preview").TextContent);
        await form.Find("form").SubmitAsync();
        Assert.True(await ReadAsync(s => s.Db.Set<Lane>().AnyAsync(l => l.Name == "West" && l.LotId == City.North.Id, Ct)));
    }

    [Fact]
    public async Task Secrets_are_shown_once_and_can_be_taken_away()
    {
        await using var context = await ContextAsync();
        var form = context.Render<ImportForm>(p => p.Add(f => f.Imports, [platform.Get<ImportDevices>()]));
        await form.Find("#Text").ChangeAsync("Lot,Name,Kind,Lane or berth\nNorth,gate-in,Gate,In");
        await form.Find("form").SubmitAsync();
        await form.Find("form").SubmitAsync();
        var shown = form.FindAll(".import-preview tbody code").Select(c => c.TextContent).ToList();
        Assert.Equal("alpha/gate-in", shown[0]);
        var device = await ReadAsync(s => s.Db.Set<Device>().AsNoTracking().SingleAsync(d => d.Name == "gate-in", Ct));
        Assert.True(Secret.Verify(device.SecretHash, shown[1]));
        await form.FindAll(".dialog-buttons button")[1].ClickAsync(new());
        var saved = (string)context.JSInterop.VerifyInvoke("parking.save").Arguments[1]!;
        Assert.Equal($"\uFEFFMQTT user name,Secret\nalpha/gate-in,{shown[1]}\n", saved);
    }

    [Fact]
    public async Task Every_template_is_a_table_of_its_kind_and_reads_as_empty()
    {
        await using var web = await WebHost.StartAsync(platform, Ct);
        await web.AddUserAsync(City, "admin", Roles.City, Ct);
        using var client = web.Browser();
        Assert.Equal(HttpStatusCode.Found, (await WebHost.SignInAsync(client, City.Code, "admin", WebHost.Password, Ct)).StatusCode);
        foreach (var import in platform.Services.GetServices<TableImport>())
        {
            var book = await client.GetByteArrayAsync($"/{City.Code}/imports/{import.Kind}.xlsx", Ct);
            Assert.Single(SheetFile.Rows(book));
            var text = TextTable.Open(book, TableImport.MaxLength).Value;
            Assert.Equal(import.Columns.Count, text.Split('\n')[0].Split(',').Length);
            Assert.Equal(new NoRows(), (await import.PreviewAsync(Admin, File(text), Ct)).Error);
            // With a line below, all columns are known.
            Assert.IsType<BadCells>((await import.PreviewAsync(Admin, File(text + "x\n"), Ct)).Error);
        }
    }
}
