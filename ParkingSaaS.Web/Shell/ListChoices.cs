using System.Text.Json;
using Microsoft.JSInterop;

namespace ParkingSaaS.Web.Shell;

/// <summary>What a person chose of a list's looks, kept in their browser.</summary>
sealed class ListChoices
{
    /// <summary>Usual columns that are not shown, by their properties.</summary>
    public HashSet<string> Hidden { get; set; } = [];

    /// <summary>Unusual ones that are.</summary>
    public HashSet<string> Shown { get; set; } = [];

    /// <summary>Rows a page; 0 where nothing was chosen.</summary>
    public int PageSize { get; set; }

    /// <summary>What is kept under the list's key; nothing where that cannot be read, or there is no key.</summary>
    public static async Task<ListChoices> ReadAsync(IJSRuntime js, string? key, ILogger log)
    {
        try
        {
            if (key is not null && await js.InvokeAsync<string?>("localStorage.getItem", $"list.{key}") is { } json)
                return JsonSerializer.Deserialize<ListChoices>(json) ?? new();
        }
        catch (Exception e) when (e is JsonException or JSException)
        {
            log.LogInformation(e, "What was kept of list {List} could not be read", key);
        }
        return new();
    }

    public async Task KeepAsync(IJSRuntime js, string? key)
    {
        if (key is not null)
            await js.InvokeVoidAsync("localStorage.setItem", $"list.{key}", JsonSerializer.Serialize(this));
    }

    public bool Hides(string? property, bool unusual) =>
        property is not null && (Hidden.Contains(property) || (unusual && !Shown.Contains(property)));

    /// <summary>The column is shown from now on, or is not.</summary>
    public void Show(string property, bool shown)
    {
        Hidden.Remove(property);
        Shown.Remove(property);
        (shown ? Shown : Hidden).Add(property);
    }
}
