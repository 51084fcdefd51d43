using System.Globalization;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Accounts;
using ParkingSaaS.Web.Lots;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Tests.Shell;

/// <summary>The form in a dialog and the list of lots, as a person meets them.</summary>
public sealed partial class ComponentTests(Cluster cluster) : PlatformTest(cluster)
{
    [Theory]
    [InlineData("en", "“Name” must be filled in.")]
    [InlineData("zh-CN", "请填写“Name”。")]
    public async Task A_form_says_which_field_was_refused_and_closes_when_saved(string language, string words)
    {
        CultureInfo.CurrentUICulture = new CultureInfo(language);
        await using var context = new PageContext();
        Error? answer = new InvalidField("Name", "required");
        var form = context.Render<MudDialogProvider>();
        RenderFragment name = field =>
        {
            field.OpenComponent<Field>(0);
            field.AddComponentParameter(1, nameof(Field.Name), "Name");
            field.AddComponentParameter(2, nameof(Field.Label), "Name");
            field.AddComponentParameter(3, nameof(Field.ChildContent), (RenderFragment)(_ => { }));
            field.CloseComponent();
        };
        var dialog = context.Services.GetRequiredService<Notice>().EditAsync<DialogForm>("Form",
            (nameof(DialogForm.Save), () => Task.FromResult(answer)), (nameof(DialogForm.ChildContent), name));
        await form.WaitForElementAsync("form");
        Assert.Empty(form.FindAll("[role=alert]"));

        await form.Find("form").SubmitAsync();
        Assert.Equal(words, form.Find("[role=alert]").TextContent);
        Assert.Single(form.FindAll(".field-invalid label[for=Name]"));
        Assert.False(dialog.IsCompleted);

        // Asked while saving, and not meant.
        answer = new Declined();
        await form.Find("form").SubmitAsync();
        Assert.Empty(form.FindAll("[role=alert], .field-invalid"));
        Assert.False(dialog.IsCompleted);

        answer = null;
        await form.Find("form").SubmitAsync();
        Assert.True(await dialog.InTimeAsync());
        Assert.Empty(form.FindAll(".field-invalid"));
    }

    [Fact]
    public async Task The_list_of_lots_shows_what_is_within_reach_and_what_may_be_done()
    {
        var staff = await LotsAsync(Roles.Staff, platform.Alpha.NorthCompany.Id);
        Assert.Equal(("North", false), staff);
        var city = await LotsAsync(Roles.City);
        Assert.Equal(("North, South", true), city);
    }

    /// <summary>The form asks for its lots at every rendering; the ticks must outlive that.</summary>
    [Fact]
    public async Task An_account_is_restricted_to_the_lots_that_are_ticked_and_to_no_others()
    {
        var who = await platform.Alpha.SignInAsync(Roles.City);
        await using var context = new PageContext(platform, who);
        var form = context.Render<UserForm>();
        await form.WaitForElementAsync("form");
        foreach (var (field, text) in new[] { ("UserName", "ann"), ("DisplayName", "Ann"), ("Password", "correct-horse-7") })
            await form.Find("#" + field).ChangeAsync(text);

        // Nothing is given by leaving something out.
        await form.Find("form").SubmitAsync();
        Assert.NotEmpty(form.FindAll(".field-invalid .choose"));
        Assert.Null(await AnnAsync());

        foreach (var lot in new[] { platform.Alpha.South, platform.Alpha.North })
            await Tick(lot).ChangeAsync(true);
        await Tick(platform.Alpha.North).ChangeAsync(false);
        Assert.Equal([platform.Alpha.South.Id.ToString()], form.FindAll(".choose-list input[checked]").Select(i => i.GetAttribute("value")!));
        await form.Find("form").SubmitAsync();
        Assert.Equal([platform.Alpha.South.Id], (await AnnAsync())!.LotIds);

        IElement Tick(Lot lot) => form.Find($"input[value='{lot.Id}']");

        async Task<User?> AnnAsync()
        {
            await using var s = await platform.Alpha.OpenAsync();
            return await s.Db.Set<User>().AsNoTracking().SingleOrDefaultAsync(u => u.UserName == "ann", Ct);
        }
    }

    /// <summary>A list that chooses several and is asked for anew at each rendering loses what was chosen in it.</summary>
    [Fact]
    public void Several_are_chosen_by_ticks()
    {
        var pages = Directory.EnumerateFiles(SourceTree.At("ParkingSaaS.Web"), "*.razor", SearchOption.AllDirectories).ToList();
        Assert.True(pages.Count > 50, "The pages are no longer found");
        Assert.All(pages, page => Assert.DoesNotMatch(@"MultiSelection\b", File.ReadAllText(page)));
    }

    /// <summary>What moves a gate, takes a secret away, lets money go, tells a driver or ends a suspension that has begun cannot be taken back.</summary>
    [Fact]
    public void What_is_done_to_many_rows_can_be_undone_but_for_what_cannot_be()
    {
        var buttons = Directory.EnumerateFiles(SourceTree.At("ParkingSaaS.Web"), "*Page.razor", SearchOption.AllDirectories)
            .SelectMany(page => ManyButtons.Matches(File.ReadAllText(page)).Select(b => (Page: Path.GetFileName(page), Tag: b.Value))).ToList();
        Assert.True(buttons.Count > 8, "The buttons are no longer found");
        string[] forGood =
        [
            "ArrearsPage.razor Sms", "DevicesPage.razor Block", "DevicesPage.razor Lock", "DevicesPage.razor LockOpen", "PassesPage.razor PlayArrow",
            "ShiftsPage.razor Handshake"
        ];
        Assert.Equal(forGood,
            buttons.Where(b => !b.Tag.Contains(" Undo=")).Select(b => $"{b.Page} {IconName.Match(b.Tag).Groups[1].Value}").Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"<ManyButton\b.*?(?:/>;?|"">)\r?$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex ManyButtons { get; }

    [GeneratedRegex(@"Outlined\.(\w+)")]
    private static partial Regex IconName { get; }

    async Task<(string Names, bool Add)> LotsAsync(string role, Guid? company = null)
    {
        var who = await platform.Alpha.SignInAsync(role, u => u.CompanyId = company);
        await using var context = new PageContext(platform, who);
        var page = context.Render<LotsPage>();
        var names = string.Join(", ", (await page.WaitForElementsAsync("tbody a")).Select(a => a.TextContent));
        return (names, page.FindAll(".list-bar .mud-button-filled").Count > 0);
    }
}
