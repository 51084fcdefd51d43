namespace ParkingSaaS.Web.Shell;

/// <summary>Where in the menu a page stands, in this order.</summary>
public enum MenuGroup
{
    /// <summary>How it goes.</summary>
    Overview,

    /// <summary>What happens with cars.</summary>
    Operations,

    /// <summary>Whose cars they are.</summary>
    Customers,

    /// <summary>What is operated.</summary>
    Resources,

    /// <summary>Where money is, and where it came from.</summary>
    Finance,

    /// <summary>What came in.</summary>
    Reports,

    /// <summary>Who may do it.</summary>
    System
}

/// <summary>An entry of the menu, brought by a slice.</summary>
/// <param name="Order">Where it stands in its group.</param>
/// <param name="Path">Relative address of the page.</param>
/// <param name="Text">Key of its text.</param>
/// <param name="Icon">One of <see cref="MudBlazor.Icons"/>.</param>
/// <param name="Permission">Who does not hold it does not see it.</param>
public sealed record MenuItem(MenuGroup Group, int Order, string Path, string Text, string Icon, string Permission);
