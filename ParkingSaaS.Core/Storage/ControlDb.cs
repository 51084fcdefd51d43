using System.Reflection;
using Microsoft.EntityFrameworkCore;

namespace ParkingSaaS.Core.Storage;

/// <summary>Marks the mapping of a table that is in the control database.</summary>
[AttributeUsage(AttributeTargets.Class)]
sealed class InControlDatabaseAttribute : Attribute
{
    /// <summary>And not in the cities' databases as well.</summary>
    public bool Only { get; init; }
}

/// <summary>The platform's own database: which cities there are, who administers the platform, which nodes serve it, and the keys
/// that all of them protect cookies and tokens with.</summary>
sealed class ControlDb(DbContextOptions<ControlDb> options) : DbContext(options)
{
    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder model) =>
        model.ApplyConfigurationsFromAssembly(typeof(ControlDb).Assembly, type => type.GetCustomAttribute<InControlDatabaseAttribute>() is not null);
}
