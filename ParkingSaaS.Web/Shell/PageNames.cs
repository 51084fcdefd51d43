using System.Globalization;
using System.Linq.Expressions;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Names;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Web.Shell;

/// <summary>What things are called in the language of the screen.</summary>
/// <param name="find">The city that the page is about; null at the platform.</param>
public sealed class PageNames(Func<City?> find, CityNames names)
{
    /// <summary>That of the page's address, unless what has no address says which.</summary>
    public City? City
    {
        get => field ?? found.Value;
        set;
    }

    readonly Lazy<City?> found = new(find);

    /// <summary>The name for who reads the page; as it was given where nobody translated it, and empty for none.</summary>
    public string this[string? name] => name is null ? "" : City is null ? name : names.Of(City, name);

    /// <summary>Names, as they were given, in the order in which who reads the page looks for them: of Chinese by their sound.</summary>
    public IComparer<string?> Order => Comparer<string?>.Create((a, b) => StringComparer.CurrentCulture.Compare(this[a], this[b]));

    /// <summary>The names for who reads the page, in that order.</summary>
    public IEnumerable<string> Sorted(IEnumerable<string> names) => names.Order(Order).Select(n => this[n]);

    /// <summary>Things in the order of their names; for what is in memory.</summary>
    public IEnumerable<T> Sorted<T>(IEnumerable<T> things, Func<T, string?> name) => things.OrderBy(name, Order);

    /// <summary>The same order for the database: what it sorts by in place of a name.</summary>
    public static Expression<Func<string, string>> Key(CitySession s)
    {
        var translations = s.Db.Set<NameTranslation>();
        return CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "zh"
            ? name => EF.Functions.Collate(translations.Where(t => t.Name == name).Select(t => t.Chinese).FirstOrDefault() ?? name, "zh-x-icu")
            : name => EF.Functions.Collate(translations.Where(t => t.Name == name).Select(t => t.English).FirstOrDefault() ?? name, "en-x-icu");
    }
}

/// <summary>Names where there is no page: in files, and before a page is made.</summary>
static class NamesOfCity
{
    /// <summary>The name for who reads in the language of the caller.</summary>
    public static string Of(this CityNames names, City city, string name)
    {
        var language = CultureInfo.CurrentUICulture.TwoLetterISOLanguageName;
        return name.Contains(Below, StringComparison.Ordinal)
            ? string.Join(Below, name.Split(Below).Select(n => names.Of(city.Code, language, n)))
            : names.Of(city.Code, language, name);
    }

    /// <summary>Between an area and what lies in it, where both are named (<see cref="Choices.Tree"/>).</summary>
    const string Below = " / ";

    /// <summary>By its address a page knows its city.</summary>
    public static PageNames OfPage(IServiceProvider page) => new(
        () => new Uri(page.GetRequiredService<NavigationManager>().BaseUri) is var address
            ? page.GetRequiredService<CityDirectory>().FindByAddress(address.Host, address.AbsolutePath) : null,
        page.GetRequiredService<CityNames>());

    /// <summary>Has the names of the request's city read, where they are not known yet.</summary>
    public static IApplicationBuilder UseNames(this IApplicationBuilder app) => app.Use(async (http, next) =>
    {
        if (http.City() is { } city && http.GetEndpoint() is not null)
            await http.RequestServices.GetRequiredService<CityNames>().LoadAsync(city);
        await next(http);
    });
}
