namespace ParkingSaaS.Web.Shell;

/// <summary>Addresses that a request names to be led to.</summary>
static class LocalPath
{
    /// <summary>A page below the base that was asked for, as a browser would write it. Anything else, such as another site's address or
    /// what no header can hold, is the first page.</summary>
    public static string Of(string? path) =>
        path is not null && !path.Any(char.IsControl) && Uri.TryCreate("http://here/" + path.TrimStart('/', '\\'), UriKind.Absolute, out var uri)
        && uri.Host == "here"
            ? "~/" + uri.PathAndQuery.TrimStart('/')
            : "~/";
}
