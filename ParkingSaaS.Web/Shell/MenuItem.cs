namespace ParkingSaaS.Web.Shell;

/// <summary>An entry of the menu, brought by a slice.</summary>
/// <param name="Order">Where it stands.</param>
/// <param name="Path">Relative address of the page.</param>
/// <param name="Text">Key of its text.</param>
/// <param name="Icon">Name of a Material Symbols icon.</param>
/// <param name="Permission">Who does not hold it does not see it.</param>
public sealed record MenuItem(int Order, string Path, string Text, string Icon, string Permission);
