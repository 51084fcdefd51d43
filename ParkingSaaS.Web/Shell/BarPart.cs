using Microsoft.AspNetCore.Components;

namespace ParkingSaaS.Web.Shell;

/// <summary>What a room brings to the bar above every page.</summary>
/// <param name="Order">Where it stands.</param>
/// <param name="Component">It takes no parameters.</param>
/// <param name="Permission">Who does not hold it does not see it.</param>
sealed record BarPart(int Order, Type Component, string Permission)
{
    /// <summary>Draws it where it is asked for, without a component around it.</summary>
    public RenderFragment Draw { get; } = part =>
    {
        part.OpenComponent(0, Component);
        part.CloseComponent();
    };
}
