using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Accounts;
using ParkingSaaS.Web.Lots;
using ParkingSaaS.Web.Shell;
using Radzen;

namespace ParkingSaaS.Tests.Shell;

/// <summary>The form in a dialog and the list of lots, as a person meets them.</summary>
public sealed class ComponentTests(Cluster cluster) : PlatformTest(cluster)
{
    [Fact]
    public async Task A_form_says_which_field_was_refused_and_closes_when_saved()
    {
        await using var page = new TestRenderer();
        Error? answer = new InvalidField("Name", "required");
        var dialog = page.Get<DialogService>().OpenAsync("Form", _ => _ => { });
        await page.RenderAsync<DialogForm>(
            (nameof(DialogForm.Save), () => Task.FromResult(answer)),
            (nameof(DialogForm.ChildContent), (RenderFragment)(b =>
            {
                b.OpenComponent<Field>(0);
                b.AddComponentParameter(1, nameof(Field.Name), "Name");
                b.AddComponentParameter(2, nameof(Field.Label), "Name");
                b.AddComponentParameter(3, nameof(Field.ChildContent), (RenderFragment)(_ => { }));
                b.CloseComponent();
            })));
        Assert.Null((await page.DomAsync()).QuerySelector("[role=alert]"));

        await page.FireAsync("class", "dialog-form", "onsubmit");
        var dom = await page.DomAsync();
        Assert.Contains("Name", dom.QuerySelector("[role=alert]")!.TextContent);
        Assert.NotNull(dom.QuerySelector(".field-invalid label[for=Name]"));
        Assert.False(dialog.IsCompleted);

        answer = null;
        await page.FireAsync("class", "dialog-form", "onsubmit");
        Assert.True((bool)(await dialog)!);
        Assert.Null((await page.DomAsync()).QuerySelector(".field-invalid"));
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
        await using var page = new TestRenderer(services => services.AddSignedIn(platform, who)
            .AddSingleton(platform.Get<AddUser>()).AddSingleton(platform.Get<ChangeUser>()).AddSingleton(platform.Get<Passwords>()));
        await page.RenderAsync<UserForm>();
        foreach (var (field, text) in new[] { ("UserName", "ann"), ("DisplayName", "Ann"), ("Password", "correct-horse-7") })
            await page.FireAsync("id", field, "onchange", new ChangeEventArgs { Value = text });

        // Nothing is given by leaving something out.
        await page.FireAsync("class", "dialog-form", "onsubmit");
        Assert.NotNull((await page.DomAsync()).QuerySelector(".field-invalid .choose"));
        Assert.Null(await AnnAsync());

        foreach (var lot in new[] { platform.Alpha.South, platform.Alpha.North })
            await page.FireAsync("value", lot.Id.ToString(), "onchange", new ChangeEventArgs { Value = true });
        await page.FireAsync("value", platform.Alpha.North.Id.ToString(), "onchange", new ChangeEventArgs { Value = false });
        Assert.Equal([platform.Alpha.South.Id.ToString()],
            (await page.DomAsync()).QuerySelectorAll(".choose-list input[checked]").Select(i => i.GetAttribute("value")!));
        await page.FireAsync("class", "dialog-form", "onsubmit");
        Assert.Equal([platform.Alpha.South.Id], (await AnnAsync())!.LotIds);

        async Task<User?> AnnAsync()
        {
            await using var s = await platform.Alpha.OpenAsync();
            return await s.Db.Users.AsNoTracking().SingleOrDefaultAsync(u => u.UserName == "ann", Ct);
        }
    }

    /// <summary>A list that chooses several and is asked for anew at each rendering loses what was chosen in it.</summary>
    [Fact]
    public void Several_are_chosen_by_ticks()
    {
        var pages = Directory.EnumerateFiles(Path.Combine(Here(), "../../../ParkingSaaS.Web"), "*.razor", SearchOption.AllDirectories).ToList();
        Assert.True(pages.Count > 50, "The pages are no longer found");
        Assert.All(pages, page => Assert.DoesNotMatch(@"RadzenCheckBoxList|\sMultiple\b", File.ReadAllText(page)));
    }

    static string Here([System.Runtime.CompilerServices.CallerFilePath] string path = "") => path;

    async Task<(string Names, bool Add)> LotsAsync(string role, Guid? company = null)
    {
        var who = await platform.Alpha.SignInAsync(role, u => u.CompanyId = company);
        await using var page = new TestRenderer(services => services.AddSignedIn(platform, who).AddSingleton(platform.Get<RetireLot>()));
        await page.RenderAsync<LotsPage>();
        var dom = await page.UntilAsync("tbody a");
        return (string.Join(", ", dom.QuerySelectorAll("tbody a").Select(a => a.TextContent)),
            dom.QuerySelector(".toolbar button") is not null);
    }
}
