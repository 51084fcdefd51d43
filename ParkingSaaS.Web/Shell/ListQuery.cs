using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore.Query;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Web.Shell;

/// <summary>Turns what a list asks for into a query of the database.</summary>
public static class ListQuery
{
    /// <summary>Counting stops here: beyond it nobody pages, they filter, and a count over millions of rows is slow.</summary>
    public const int CountCap = 10_000;

    /// <summary>Sorts by properties of the row, such as <c>EnteredAt desc, Id</c>; texts as people look for names, but plates, which an index sorts.</summary>
    /// <param name="s">The session whose rows they are.</param>
    /// <exception cref="ArgumentException">The row has no such property.</exception>
    public static IQueryable<T> OrderedBy<T>(this IQueryable<T> rows, CitySession s, string order)
    {
        var name = PageNames.Key(s);
        var sorted = rows;
        foreach (var part in order.Split(',', StringSplitOptions.TrimEntries))
        {
            var words = part.Split(' ');
            var row = Expression.Parameter(typeof(T));
            Expression value = Expression.Property(row, words[0]);
            if (value.Type == typeof(string) && words[0] != nameof(Order.Plate))
                value = ReplacingExpressionVisitor.Replace(name.Parameters[0], value, name.Body);
            var key = Expression.Lambda(value, row);
            var method = (ReferenceEquals(sorted, rows) ? "OrderBy" : "ThenBy") + (words.Length > 1 && words[1] == "desc" ? "Descending" : "");
            sorted = sorted.Provider.CreateQuery<T>(Expression.Call(typeof(Queryable), method, [typeof(T), key.ReturnType], sorted.Expression, key));
        }
        return sorted;
    }
}
