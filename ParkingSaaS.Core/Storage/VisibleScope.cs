namespace ParkingSaaS.Core.Storage;

/// <summary>An actor's scope worked out to ids: what the query filters compare with.</summary>
public sealed record VisibleScope(bool All, Guid[] Lots, Guid[] Companies)
{
    /// <summary>Everything in the city.</summary>
    public static readonly VisibleScope City = new(true, [], []);

    /// <summary>Nothing at all: what a context starts from.</summary>
    public static readonly VisibleScope Nothing = new(false, [], []);
}
