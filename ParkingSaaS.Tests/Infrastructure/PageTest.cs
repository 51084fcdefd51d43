using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using ParkingSaaS.Core.Accounts;

namespace ParkingSaaS.Tests.Infrastructure;

/// <summary>A page with what the layout has around it: dialogs, menus and notices.</summary>
public abstract class PageTest(Cluster cluster) : PlatformTest(cluster)
{
    protected IRenderedComponent<MudDialogProvider> dialogs = null!;
    protected IRenderedComponent<MudPopoverProvider> menus = null!;
    protected IRenderedComponent<MudSnackbarProvider> notices = null!;

    protected async Task<PageContext> ContextAsync(SignedIn? who = null)
    {
        var context = new PageContext(platform, who ?? await City.SignInAsync(Roles.City));
        dialogs = context.Render<MudDialogProvider>();
        menus = context.Render<MudPopoverProvider>();
        notices = context.Render<MudSnackbarProvider>();
        return context;
    }

    protected static Task ClickAsync<T>(IRenderedComponent<T> part, string css, string text) where T : IComponent =>
        part.InvokeAsync(() => part.FindAll(css).Single(e => e.TextContent.Trim() == text).ClickAsync());

    /// <summary>What a click that opens a dialog does is over when the dialog is.</summary>
    protected static Task OpenAsync<T>(IRenderedComponent<T> part, string css, string text) where T : IComponent =>
        part.InvokeAsync(() => { _ = part.FindAll(css).Single(e => e.TextContent.Trim() == text).ClickAsync(); });

    /// <summary>Chooses a row of a list, or all of its page.</summary>
    protected static Task TickAsync<T>(IRenderedComponent<T> page, string label, bool on = true) where T : IComponent =>
        page.InvokeAsync(() => page.Find($"[aria-label='{label}']").ChangeAsync(on));

    /// <summary>How many rows are chosen, in words; null where none is.</summary>
    protected static string? Chosen<T>(IRenderedComponent<T> page) where T : IComponent =>
        page.FindAll(".chosen-bar [role=status]").SingleOrDefault()?.TextContent;

    /// <summary>Saves the dialog's form and waits until the dialog is gone.</summary>
    protected async Task SubmitAsync()
    {
        await dialogs.Find("form").SubmitAsync();
        await dialogs.WaitForStateAsync(() => dialogs.FindAll(".mud-dialog").Count == 0);
    }

    protected static IEnumerable<string> Said(PageContext context) =>
        context.Services.GetRequiredService<ISnackbar>().ShownSnackbars.Select(m => m.Message ?? "");
}
