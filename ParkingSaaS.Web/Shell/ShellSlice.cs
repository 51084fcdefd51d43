using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Localization;
using Microsoft.Extensions.WebEncoders;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Web.Node;

namespace ParkingSaaS.Web.Shell;

/// <summary>What every page needs: who asks, for which city, components, languages, themes.</summary>
sealed class ShellSlice : IWebSlice
{
    public void AddServices(IServiceCollection services, Settings settings)
    {
        services.AddHttpContextAccessor();
        services.AddScoped<CityContext>().AddSingleton<Principals>().AddSingleton<MenuItems>().AddSingleton<OpenSessions>().AddScoped<CurrentActor>();
        // The program's files are compressed when it is built; this is for the style sheets that it makes. Nothing secret stands in one.
        services.AddResponseCompression(options => (options.EnableForHttps, options.MimeTypes) = (true, ["text/css"]));
        services.AddSingleton<LookSheets>().AddScoped(NamesOfCity.OfPage);
        services.AddCascadingAuthenticationState();
        services.AddComponentLibrary();
        services.AddScoped<Notice>().AddScoped<PageCurrency>();
        services.AddSingleton<PdfPrinter>(sp => new PdfPrinter(sp.GetRequiredService<IServiceScopeFactory>(), sp.GetRequiredService<ILoggerFactory>(),
            sp.GetRequiredService<TimeProvider>()));
        // Chinese stays Chinese in the page's source instead of numeric entities.
        services.Configure<WebEncoderOptions>(options => options.TextEncoderSettings = new TextEncoderSettings(UnicodeRanges.All));
        services.AddTexts();
        services.AddRequestLocalization(options =>
        {
            options.SupportedCultures = options.SupportedUICultures = [.. Languages.All];
            options.DefaultRequestCulture = new RequestCulture("zh-CN");
        });
    }

    public void MapEndpoints(IEndpointRouteBuilder app)
    {
        app.MapGet("/language/{culture}", (HttpContext http, string culture, string? back) =>
        {
            if (Languages.All.Any(l => l.Name == culture))
                http.Response.Cookies.Append(CookieRequestCultureProvider.DefaultCookieName,
                    CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(culture)),
                    new CookieOptions { MaxAge = TimeSpan.FromDays(365), SameSite = SameSiteMode.Lax, HttpOnly = true, Path = "/" });
            return Results.LocalRedirect(LocalPath.Of(back));
        }).AllowAnonymous();
        app.MapGet("/look/{accent}.css", async (HttpContext http, string accent, LookSheets sheets) =>
        {
            if (Look.Accents.Keys.Cast<CityAccent?>().FirstOrDefault(a => LookSheets.Name(a!.Value) == accent) is not { } known)
                return Results.NotFound();
            http.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
            return Results.Text(await sheets.OfAsync(known), "text/css");
        }).AllowAnonymous();
    }
}
