using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;

namespace ParkingSaaS.Core.Storage;

/// <summary>A row that belongs to a lot, and is seen and written only by those whose scope covers the lot. <c>LotId</c> never changes: it is
/// a concurrency token, and the database refuses to update it.</summary>
public interface ILotOwned
{
    Guid LotId { get; }
}

/// <summary>An actor's scope worked out to ids: what the query filters compare with.</summary>
public sealed record VisibleScope(bool All, Guid[] Lots, Guid[] Companies)
{
    /// <summary>Everything in the city.</summary>
    public static readonly VisibleScope City = new(true, [], []);

    /// <summary>Nothing at all: what a context starts from.</summary>
    public static readonly VisibleScope Nothing = new(false, [], []);
}

/// <summary>Who sees and who writes the rows of a table that do not belong to one lot. Found by scan; a table without a rule is seen by
/// everybody in the city, and written by those whose scope is the whole city.</summary>
abstract class ScopeRule
{
    public abstract Type Row { get; }

    /// <summary>Hides the rows that the context's scope does not cover.</summary>
    public abstract void Filter(ModelBuilder model, CityDb db);

    /// <summary>Whether somebody with that scope, which is not the whole city, may write the row.</summary>
    public abstract bool Covers(object row, VisibleScope scope);
}

/// <param name="seen">Whether a row is seen in a context; compares with its <see cref="CityDb.Scope"/>, whose <c>All</c> sees everything.</param>
/// <param name="written">Whether somebody whose scope is not the whole city may write the row.</param>
abstract class ScopeRule<T>(Func<CityDb, Expression<Func<T, bool>>> seen, Func<T, VisibleScope, bool> written) : ScopeRule where T : class
{
    public override Type Row => typeof(T);

    public override void Filter(ModelBuilder model, CityDb db) => model.Entity<T>().HasQueryFilter(CityDb.ScopeFilter, seen(db));

    public override bool Covers(object row, VisibleScope scope) => written((T)row, scope);
}
