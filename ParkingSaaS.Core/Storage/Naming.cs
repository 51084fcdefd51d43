using System.Text;
using Microsoft.EntityFrameworkCore;

namespace ParkingSaaS.Core.Storage;

/// <summary>PostgreSQL folds unquoted names to lower case; snake_case names can be typed in psql as they are.</summary>
static class Naming
{
    /// <summary>Gives every table, column, key and index a snake_case name.</summary>
    public static void UseSnakeCase(this ModelBuilder model)
    {
        foreach (var entity in model.Model.GetEntityTypes())
        {
            entity.SetTableName(Snake(entity.GetTableName()!));
            // A uint row version is PostgreSQL's own column xmin; the provider names it.
            foreach (var property in entity.GetProperties().Where(p => p.ClrType != typeof(uint)))
                property.SetColumnName(Snake(property.GetColumnName()));
            foreach (var complex in entity.GetComplexProperties())
                foreach (var property in complex.ComplexType.GetProperties())
                    property.SetColumnName(Snake(complex.Name) + "_" + Snake(property.Name));
            foreach (var key in entity.GetKeys())
                key.SetName(Snake(key.GetName()!));
            foreach (var key in entity.GetForeignKeys())
                key.SetConstraintName(Snake(key.GetConstraintName()!));
            foreach (var index in entity.GetIndexes())
                index.SetDatabaseName(Snake(index.GetDatabaseName()!));
        }
    }

    static string Snake(string name)
    {
        var text = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length; i++)
        {
            if (char.IsUpper(name[i]) && i > 0 && name[i - 1] != '_' && !char.IsUpper(name[i - 1]))
                text.Append('_');
            text.Append(char.ToLowerInvariant(name[i]));
        }
        return text.ToString();
    }
}
