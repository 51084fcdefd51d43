using System.Linq.Expressions;
using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Storage;

/// <summary>A city's database, seen within an actor's scope. It is opened by <c>CitySessions</c> only. Each slice maps its own tables and says who
/// sees them; they are found by scan.</summary>
public sealed class CityDb(DbContextOptions<CityDb> options) : DbContext(options)
{
    /// <summary>Name of the query filter that holds rows back from those whose scope does not cover them.</summary>
    public const string ScopeFilter = "scope";

    static readonly Dictionary<Type, ScopeRule> Rules = Slices.Find<ScopeRule>().ToDictionary(r => r.Row);

    /// <summary>What may be seen and written. Starts as nothing, so that a context that came past the door shows nothing.</summary>
    internal VisibleScope Scope { get; set; } = VisibleScope.Nothing;

    /// <summary>Adds rows that follow from what is about to be written; null for none.</summary>
    internal Action? Saving { get; set; }

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder model)
    {
        model.HasPostgresExtension("pg_trgm");
        model.ApplyConfigurationsFromAssembly(typeof(CityDb).Assembly, type => type.GetCustomAttribute<InControlDatabaseAttribute>() is not { Only: true });
        foreach (var entity in model.Model.GetEntityTypes().Where(e => typeof(ILotOwned).IsAssignableFrom(e.ClrType) && !Rules.ContainsKey(e.ClrType)).ToList())
            OwnByLot(model, entity);
        foreach (var rule in Rules.Values)
            rule.Filter(model, this);
    }

    /// <summary>Filters the entity by scope, and makes the lot part of what an update must find unchanged.</summary>
    void OwnByLot(ModelBuilder model, IMutableEntityType entity)
    {
        var row = Expression.Parameter(entity.ClrType);
        var scope = Expression.Property(Expression.Constant(this), nameof(Scope));
        var covered = Expression.Call(typeof(Enumerable), nameof(Enumerable.Contains), [typeof(Guid)],
            Expression.Property(scope, nameof(VisibleScope.Lots)), Expression.Property(row, nameof(ILotOwned.LotId)));
        model.Entity(entity.ClrType).HasQueryFilter(ScopeFilter,
            Expression.Lambda(Expression.OrElse(Expression.Property(scope, nameof(VisibleScope.All)), covered), row));
        model.Entity(entity.ClrType).Property(nameof(ILotOwned.LotId)).IsConcurrencyToken();
    }

    /// <inheritdoc/>
    public override int SaveChanges(bool acceptAllChangesOnSuccess) =>
        throw new NotSupportedException("Use SaveChangesAsync");

    /// <inheritdoc/>
    public override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken ct = default) =>
        WithinScopeAsync(() => base.SaveChangesAsync(acceptAllChangesOnSuccess, ct));

    /// <summary>As <see cref="DbContext.SaveChangesAsync(CancellationToken)"/>, for hundreds of rows, within a transaction, at the end of a unit of work:
    /// what is written is no longer tracked.</summary>
    /// <exception cref="DbUpdateConcurrencyException">A row is not as it was read.</exception>
    public Task SaveManyAsync(CancellationToken ct) => WithinScopeAsync(async () =>
    {
        await BulkSave.WriteAsync(this, ct);
        return await base.SaveChangesAsync(acceptAllChangesOnSuccess: true, ct);
    });

    /// <summary>Adds very many rows of one table, as when a city is filled before anybody works in it: until the transaction ends, everybody else waits
    /// for the table. None of them is tracked. Columns that the database numbers by itself are not for it.</summary>
    /// <param name="rows">They are asked for while the ones before are written; what reads the database itself must not lie behind them.</param>
    /// <exception cref="InvalidOperationException">There is no transaction.</exception>
    public Task LoadAsync<T>(IEnumerable<T> rows, CancellationToken ct) where T : class =>
        Database.CurrentTransaction is null
            ? throw new InvalidOperationException("Rows are loaded within a transaction")
            : BulkLoad.WriteAsync(this, rows.Select(row =>
            {
                RequireScope(row);
                return row;
            }), ct);

    async Task<int> WithinScopeAsync(Func<Task<int>> save)
    {
        // This detects the changes, so that EF need not do so once more.
        foreach (var entry in ChangeTracker.Entries())
            if (entry.State is EntityState.Added or EntityState.Modified or EntityState.Deleted)
                RequireScope(entry.Entity);
        ChangeTracker.AutoDetectChangesEnabled = false;
        try
        {
            Saving?.Invoke();
            return await save();
        }
        finally
        {
            ChangeTracker.AutoDetectChangesEnabled = true;
        }
    }

    /// <exception cref="OutOfScopeException">The row belongs to a lot or company that the actor does not see.</exception>
    void RequireScope(object entity)
    {
        var covered = Scope.All || (Rules.TryGetValue(entity.GetType(), out var rule) ? rule.Covers(entity, Scope)
            : entity is ILotOwned row && Scope.Lots.Contains(row.LotId));
        if (!covered)
            throw new OutOfScopeException(entity.GetType().Name);
    }
}

/// <summary>Somebody tried to write a row outside of the actor's scope: a forged request, or a fault.</summary>
public sealed class OutOfScopeException(string what) : Exception($"{what} is out of the actor's scope");
