using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace ParkingSaaS.Web.Shell;

/// <summary>A column of a <see cref="ListPage{TRow}"/> that is put together, so that the database cannot sort by it.</summary>
public sealed class InfoColumn<TRow> : TemplateColumn<TRow> where TRow : class
{
    /// <summary>What stands in the cell.</summary>
    [Parameter, EditorRequired] public RenderFragment<TRow> Template { get; set; } = null!;

    /// <summary>An amount or a count: right aligned.</summary>
    [Parameter] public bool Number { get; set; }

    protected override void OnInitialized()
    {
        CellTemplate = cell => Template(cell.Item);
        Sortable = false;
        if (Number)
            (CellClass, HeaderClass) = ("number", "number");
        base.OnInitialized();
    }
}
