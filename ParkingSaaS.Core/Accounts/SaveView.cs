using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Accounts;

/// <summary>Enough views for one list.</summary>
public sealed record TooManyViews(int Most) : Error("views.too-many", Most);

/// <summary>A view of that name shows something else already.</summary>
public sealed record ViewExists(string Name) : Error("views.exists", Name);

/// <summary>The views of who asks.</summary>
public static class SavedViews
{
    /// <summary>Those of the session's own account, of all lists.</summary>
    public static IQueryable<SavedView> Own(CitySession s)
    {
        var user = Guid.Parse(s.Actor.Id);
        return s.Db.Set<SavedView>().Where(v => v.UserId == user);
    }
}

/// <summary>Keeps how a list looks now, under a name. Of that name there is one for a list.</summary>
public sealed class SaveView(CitySessions sessions)
{
    /// <param name="list">The list's key.</param>
    /// <param name="name">1–<see cref="SavedView.MaxName"/> characters.</param>
    /// <param name="query">The address's query; at most <see cref="SavedView.MaxQuery"/> characters.</param>
    /// <param name="replace">One of that name that shows something else goes; otherwise it is <see cref="ViewExists"/>.</param>
    /// <exception cref="AccessDeniedException">The actor may not keep views.</exception>
    public async Task<Result<Done>> RunAsync(Actor actor, string list, string? name, string query, bool replace, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, AccountPermissions.KeepViews, ct);
        name = name?.Trim();
        var invalid = Check.Required("Name", name, SavedView.MaxName)
            ?? Check.Optional("Query", query, SavedView.MaxQuery)
            ?? Check.That(query.Length == 0 || query.StartsWith('?'), "Query", "invalid");
        if (invalid is not null)
            return invalid;
        var views = await SavedViews.Own(s).Where(v => v.List == list).ToListAsync(ct);
        if (views.Find(v => v.Name == name) is { } same)
        {
            if (same.Query != query && !replace)
                return new ViewExists(same.Name);
            same.Query = query;
        }
        else if (views.Count >= SavedView.Most)
            return new TooManyViews(SavedView.Most);
        else
            s.Db.Add(new SavedView { Id = Guid.CreateVersion7(), UserId = Guid.Parse(actor.Id), List = list, Name = name!, Query = query });
        return await s.SaveAsync(ct);
    }
}

/// <summary>Gives a view of one's own another name.</summary>
public sealed class RenameView(CitySessions sessions)
{
    /// <param name="name">As for <see cref="SaveView"/>; one that another view of the list has is taken.</param>
    /// <exception cref="AccessDeniedException">The actor may not keep views.</exception>
    public async Task<Result<Done>> RunAsync(Actor actor, Guid id, string? name, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, AccountPermissions.KeepViews, ct);
        name = name?.Trim();
        if (Check.Required("Name", name, SavedView.MaxName) is { } invalid)
            return invalid;
        if (await SavedViews.Own(s).FirstOrDefaultAsync(v => v.Id == id, ct) is not { } view)
            return new NotFound("view");
        if (await SavedViews.Own(s).AnyAsync(v => v.List == view.List && v.Name == name && v.Id != id, ct))
            return new InvalidField("Name", "taken");
        view.Name = name!;
        return await s.SaveAsync(ct);
    }
}

/// <summary>Forgets a view of one's own.</summary>
public sealed class RemoveView(CitySessions sessions)
{
    /// <exception cref="AccessDeniedException">The actor may not keep views.</exception>
    public async Task<Result<Done>> RunAsync(Actor actor, Guid id, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, AccountPermissions.KeepViews, ct);
        await SavedViews.Own(s).Where(v => v.Id == id).ExecuteDeleteAsync(ct);
        return new Done();
    }
}
