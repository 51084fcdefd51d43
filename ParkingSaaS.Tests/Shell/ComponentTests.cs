using System.Security.Claims;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.DependencyInjection;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Tenancy;
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
        var staff = await LotsAsync(Roles.Staff, new Claim(Principals.Company, platform.Alpha.NorthCompany.Id.ToString()));
        Assert.Equal(("North", false), staff);
        var city = await LotsAsync(Roles.City);
        Assert.Equal(("North, South", true), city);
    }

    async Task<(string Names, bool Add)> LotsAsync(string role, params Claim[] scope)
    {
        var identity = new ClaimsIdentity(
            [new(ClaimTypes.NameIdentifier, Guid.NewGuid().ToString()), new(ClaimTypes.GivenName, "Ann"),
                new(ClaimTypes.Role, role),
                new(Principals.City, platform.Alpha.Code), .. scope], "test");
        await using var page = new TestRenderer(services => services
            .AddSingleton(platform.Get<CitySessions>())
            .AddSingleton(platform.Get<CityDirectory>())
            .AddSingleton(platform.Get<RoleCatalogue>())
            .AddSingleton(platform.Get<RetireLot>())
            .AddSingleton<Principals>()
            .AddSingleton<AuthenticationStateProvider>(new SignedIn(new ClaimsPrincipal(identity)))
            .AddScoped<CurrentActor>());
        await page.RenderAsync<LotsPage>();
        var dom = await page.UntilAsync("tbody a");
        return (string.Join(", ", dom.QuerySelectorAll("tbody a").Select(a => a.TextContent)),
            dom.QuerySelector(".toolbar button") is not null);
    }

    sealed class SignedIn(ClaimsPrincipal principal) : AuthenticationStateProvider
    {
        public override Task<AuthenticationState> GetAuthenticationStateAsync() =>
            Task.FromResult(new AuthenticationState(principal));
    }
}
