using System.Globalization;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace ParkingSaaS.Web.Shell;

/// <summary>A column of a <see cref="ListPage{TRow}"/>: a property of the row by which the database sorts.</summary>
/// <typeparam name="TRow">The row.</typeparam>
/// <typeparam name="TValue">The property's.</typeparam>
public sealed class ListColumn<TRow, TValue> : PropertyColumn<TRow, TValue> where TRow : class
{
    /// <summary>What stands in the cell; the value unless said.</summary>
    [Parameter] public RenderFragment<TRow>? Template { get; set; }

    /// <summary>Stands below the rows, on a phone with the title.</summary>
    [Parameter] public RenderFragment? Foot { get; set; }

    /// <summary>An amount or a count: right aligned.</summary>
    [Parameter] public bool Number { get; set; }

    /// <summary>Not shown until the person chooses it.</summary>
    [Parameter] public bool Unusual { get; set; }

    [CascadingParameter] ListPage<TRow> List { get; set; } = null!;
    [Inject] PageNames Local { get; set; } = null!;

    bool asked;

    protected override void OnInitialized()
    {
        if (Template is not null)
            CellTemplate = cell => Template(cell.Item);
        else if (typeof(TValue) == typeof(DateOnly) || typeof(TValue) == typeof(DateOnly?))
            CellTemplate = cell => text => text.AddContent(0, Show.Day(CellContent(cell.Item) as DateOnly?));
        else if (typeof(TValue) == typeof(string)) // most texts of a row are names
            CellTemplate = cell => text => text.AddContent(0, Local[CellContent(cell.Item) as string]);
        if ((Nullable.GetUnderlyingType(typeof(TValue)) ?? typeof(TValue)) is { } type && (type == typeof(DateTimeOffset) || type == typeof(DateOnly)))
            CellClass = "time";
        if (Foot is not null)
            FooterTemplate = _ => Foot;
        if (Number)
            (CellClass, HeaderClass, FooterClass) = ("number", "number", "number");
        Culture = CultureInfo.InvariantCulture;
        base.OnInitialized();
    }

    protected override void OnParametersSet()
    {
        base.OnParametersSet();
        InitialDirection = List.DirectionOf(PropertyName);
    }

    protected override async Task OnParametersSetAsync()
    {
        await base.OnParametersSetAsync();
        if (asked)
            return;
        asked = true;
        if (List.IsHidden(PropertyName, Unusual))
            await HideAsync();
    }
}
