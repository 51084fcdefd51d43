namespace ParkingSaaS.Core.Search;

public static class SearchPermissions
{
    /// <summary>Search from anywhere. It finds of each kind what the permission to see that kind shows, and nothing without it.</summary>
    public const string Use = "search.use";
}
