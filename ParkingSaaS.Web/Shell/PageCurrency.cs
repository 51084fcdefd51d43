using Microsoft.AspNetCore.Components;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Web.Shell;

/// <summary>The currency of the city that a page is about, known by the page's address.</summary>
public sealed class PageCurrency(NavigationManager navigation, CityDirectory cities)
{
    /// <exception cref="InvalidOperationException">The page is about no city.</exception>
    public Currency Value => field ??= new Uri(navigation.BaseUri) is var address && cities.FindByAddress(address.Host, address.AbsolutePath) is { } city
        ? city.Currency : throw new InvalidOperationException("Only a city has a currency");

    /// <summary>What people type, as money; null where it has more decimals than the currency.</summary>
    public Money? Exact(decimal amount) => Value.Exact(amount);
}

/// <summary>Money on screens.</summary>
public static class MoneyText
{
    /// <summary>For example <c>¥1,234.50</c>.</summary>
    public static string In(this Money money, PageCurrency currency) => currency.Value.Text(money);

    /// <summary>The same; an en dash where it is not known.</summary>
    public static string In(this Money? money, PageCurrency currency) => money?.In(currency) ?? Show.None;
}
