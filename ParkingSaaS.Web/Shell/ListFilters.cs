using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.WebUtilities;

namespace ParkingSaaS.Web.Shell;

/// <summary>What a list is narrowed to, as the page's address says it: Back, a bookmark and a link sent to somebody show the same rows. What cannot
/// be read narrows nothing.</summary>
public sealed class ListFilters(NavigationManager navigation)
{
    readonly Dictionary<string, string> values = new(
        QueryHelpers.ParseQuery(new Uri(navigation.Uri).Query).Select(p => KeyValuePair.Create(p.Key, p.Value.ToString())).Where(p => p.Value.Length > 0),
        StringComparer.OrdinalIgnoreCase);

    /// <summary>The address's query, with order and page.</summary>
    public string Query { get; } = new Uri(navigation.Uri).Query;

    /// <summary>Filters and order, from the first page on: what a saved view keeps.</summary>
    public string View { get; } = new Uri(navigation.GetUriWithQueryParameters(new Dictionary<string, object?> { ["page"] = null })).Query;

    /// <summary>Whether there is any.</summary>
    public bool Any => values.Keys.Any(k => k is not ("sort" or "page"));

    /// <summary>The text of one; null where it does not narrow.</summary>
    public string? this[string name] => values.GetValueOrDefault(name)?.Trim() is { Length: > 0 } text ? text : null;

    /// <summary>Whether one that is on or off is on.</summary>
    public bool Is(string name) => bool.TryParse(this[name], out var on) && on;

    public Guid? Id(string name) => Guid.TryParse(this[name], out var id) ? id : null;

    public int? Number(string name) => int.TryParse(this[name], CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>A value by its name.</summary>
    public TEnum? Of<TEnum>(string name) where TEnum : struct, Enum =>
        Enum.TryParse<TEnum>(this[name], ignoreCase: true, out var value) && Enum.IsDefined(value) ? value : null;

    /// <summary>A minute of the city's wall clock.</summary>
    public DateTime? At(string name) => DateTime.TryParse(this[name], CultureInfo.InvariantCulture, out var minute) ? minute : null;

    /// <summary>Narrows the list to a value; null or empty widens it again. The first page is shown.</summary>
    public void Narrow(string name, string? value) => navigation.NavigateTo(navigation.GetUriWithQueryParameters(
        new Dictionary<string, object?> { [name] = string.IsNullOrWhiteSpace(value) ? null : value.Trim(), ["page"] = null }));

    /// <summary>Shows everything, in the usual order.</summary>
    public void Clear() => navigation.NavigateTo(navigation.Uri.Split('?')[0]);
}
