using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;

namespace ParkingSaaS.Core.Storage;

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
