using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.WebUtilities;

namespace ParkingSaaS.Web.Shell;

/// <summary>What a list is narrowed to, as the page's address says it: Back, a bookmark and a link sent to somebody show the same rows. What cannot
/// be read narrows nothing, and the list says so.</summary>
public sealed class ListFilters(NavigationManager navigation)
{
    readonly Dictionary<string, string> values = new(
        QueryHelpers.ParseQuery(new Uri(navigation.Uri).Query).Select(p => KeyValuePair.Create(p.Key, p.Value.ToString())).Where(p => p.Value.Length > 0),
        StringComparer.OrdinalIgnoreCase);

    readonly HashSet<string> asked = new(["sort", "page"], StringComparer.OrdinalIgnoreCase);
    readonly HashSet<string> unread = new(StringComparer.OrdinalIgnoreCase);
    readonly Dictionary<string, Func<object, bool>> offered = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The address's query, with order and page.</summary>
    public string Query { get; } = new Uri(navigation.Uri).Query;

    /// <summary>Filters and order, from the first page on: what a saved view keeps.</summary>
    public string View { get; } = new Uri(navigation.GetUriWithQueryParameters(new Dictionary<string, object?> { ["page"] = null })).Query;

    /// <summary>Whether there is any.</summary>
    public bool Any => values.Keys.Any(k => k is not ("sort" or "page"));

    /// <summary>What of the address narrows nothing, as it stands there (<c>state=nonsense</c>): a value that is none, or a name for which nobody has asked.
    /// So it is complete once the rows were read and the filters are drawn.</summary>
    public IEnumerable<string> NotUnderstood => Unknown.Select(v => $"{v.Key}={v.Value}");

    /// <summary>The query without what is not understood.</summary>
    public string Understood => new Uri(Without(Unknown)).Query;

    IEnumerable<KeyValuePair<string, string>> Unknown => values.Where(v => !asked.Contains(v.Key) || unread.Contains(v.Key));

    /// <summary>The text of one; null where it does not narrow.</summary>
    public string? this[string name]
    {
        get
        {
            asked.Add(name);
            return values.GetValueOrDefault(name)?.Trim() is { Length: > 0 } text ? text : null;
        }
    }

    /// <summary>Whether one that is on or off is on.</summary>
    public bool Is(string name) => Read(name, text => bool.TryParse(text, out var on) ? on : default(bool?)) is true;

    public Guid? Id(string name) => Read(name, text => Guid.TryParse(text, out var id) ? id : default(Guid?));

    public int? Number(string name) => Read(name, text => int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : default(int?));

    /// <summary>A value by its name.</summary>
    public TEnum? Of<TEnum>(string name) where TEnum : struct, Enum =>
        Read(name, text => Enum.TryParse<TEnum>(text, ignoreCase: true, out var value) && Enum.IsDefined(value) ? value : default(TEnum?));

    /// <summary>A minute of the city's wall clock.</summary>
    public DateTime? At(string name) => Read(name, text =>
        DateTime.TryParse(text, CultureInfo.InvariantCulture, out var minute) && minute.Year is > 1900 and < 9000 ? minute : default(DateTime?));

    /// <summary>Of a filter's values only those that it offers are understood.</summary>
    public void Offer<TValue>(string name, Func<TValue, bool> known) where TValue : struct => offered[name] = value => known((TValue)value);

    TValue? Read<TValue>(string name, Func<string, TValue?> read) where TValue : struct
    {
        if (this[name] is not { } text)
            return null;
        var value = read(text) is { } said && (!offered.TryGetValue(name, out var known) || known(said)) ? said : default(TValue?);
        if (value is null)
            unread.Add(name);
        else
            unread.Remove(name);
        return value;
    }

    /// <summary>Narrows the list to a value; null or empty widens it again. The first page is shown.</summary>
    /// <param name="typing">It is one more step of the same: Back leads to before the first.</param>
    public void Narrow(string name, string? value, bool typing = false) => navigation.NavigateTo(
        navigation.GetUriWithQueryParameters(
            new Dictionary<string, object?> { [name] = string.IsNullOrWhiteSpace(value) ? null : value.Trim(), ["page"] = null }),
        new NavigationOptions { ReplaceHistoryEntry = typing && values.ContainsKey(name) });

    /// <summary>Takes out of the address what is not understood.</summary>
    public void LeaveOut() => navigation.NavigateTo(Without(Unknown), new NavigationOptions { ReplaceHistoryEntry = true });

    /// <summary>Shows everything, in the usual order.</summary>
    public void Clear() => navigation.NavigateTo(navigation.Uri.Split('?')[0]);

    string Without(IEnumerable<KeyValuePair<string, string>> parts) => navigation.GetUriWithQueryParameters(parts.ToDictionary(p => p.Key, _ => (object?)null));
}
