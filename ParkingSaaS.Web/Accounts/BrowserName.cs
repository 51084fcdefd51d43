namespace ParkingSaaS.Web.Accounts;

/// <summary>Which browser it was, of what it says of itself.</summary>
static class BrowserName
{
    // Most claim to be the others as well: the first that fits is it.
    static readonly (string Sign, string Name)[] Browsers =
        [("MicroMessenger", "WeChat"), ("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")];

    static readonly (string Sign, string Name)[] Systems =
        [("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux")];

    const int Longest = 40;

    /// <summary>For example <c>Chrome, Windows</c>; what cannot be told apart is said as it came.</summary>
    public static string Of(string userAgent)
    {
        var known = string.Join(", ", new[] { Browsers, Systems }.Select(NameIn).OfType<string>());
        return known.Length > 0 ? known : userAgent.Length <= Longest ? userAgent : userAgent[..Longest] + "…";

        string? NameIn((string Sign, string Name)[] list) =>
            list.Where(k => userAgent.Contains(k.Sign, StringComparison.Ordinal)).Select(k => k.Name).FirstOrDefault();
    }
}
