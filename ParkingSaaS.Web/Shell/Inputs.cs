using MudBlazor;

namespace ParkingSaaS.Web.Shell;

/// <summary>Some text, as it is typed everywhere; its label is the <see cref="Field"/> around it.</summary>
public sealed class TextInput : MudTextField<string>
{
    public TextInput() => (Variant, Margin) = (Variant.Outlined, Margin.Dense);
}
