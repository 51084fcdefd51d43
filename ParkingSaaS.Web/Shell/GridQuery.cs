using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using Radzen;

namespace ParkingSaaS.Web.Shell;

/// <param name="Rows">The rows of the page.</param>
/// <param name="Count">How many rows there are in all; <see cref="GridQuery.CountCap"/> at that many
/// or more.</param>
public sealed record GridPage<T>(List<T> Rows, int Count);

/// <summary>Turns what a grid asks for into a query of the database.</summary>
public static class GridQuery
{
    /// <summary>Counting stops here: beyond it nobody pages, they filter, and a count over millions of rows is slow.</summary>
    public const int CountCap = 10_000;

    /// <summary>Applies the grid's filters. Their dates are the city's wall clock; their values become parameters, so that the
    /// database prepares one statement and not one for each value.</summary>
    public static IQueryable<T> Filtered<T>(this IQueryable<T> query, LoadDataArgs args, CityZone zone)
    {
        if (args.Filters?.ToList() is not { Count: > 0 } filters)
            return query;
        var typed = filters.Select(f => new FilterDescriptor
        {
            Property = f.Property,
            Type = f.Type,
            FilterProperty = f.FilterProperty,
            FilterValue = Value(f.FilterValue),
            FilterOperator = f.FilterOperator,
            SecondFilterValue = Value(f.SecondFilterValue),
            SecondFilterOperator = f.SecondFilterOperator,
            LogicalFilterOperator = f.LogicalFilterOperator,
            CollectionFilterMode = f.CollectionFilterMode
        });
        query = query.Where(typed, LogicalFilterOperator.And, FilterCaseSensitivity.CaseInsensitive);
        return query.Provider.CreateQuery<T>(new Parameters().Visit(query.Expression));

        object? Value(object? value) => value switch
        {
            DateTime { Kind: DateTimeKind.Unspecified } wallClock => zone.Instant(wallClock),
            DateTime instant => new DateTimeOffset(instant).ToUniversalTime(),
            DateTimeOffset instant => instant.ToUniversalTime(),
            string text => text.Trim(),
            _ => value
        };
    }

    /// <summary>Sorts, counts and pages a filtered query.</summary>
    /// <param name="query">The filtered rows.</param>
    /// <param name="args">What the grid asks for.</param>
    /// <param name="defaultOrder">The order without a choice, for example <c>Name</c> or <c>EnteredAt desc, Id</c>.</param>
    /// <param name="ct">Stops the load.</param>
    public static async Task<GridPage<T>> PageAsync<T>(this IQueryable<T> query, LoadDataArgs args, string defaultOrder,
        CancellationToken ct)
    {
        var count = await query.Take(CountCap).CountAsync(ct);
        var sorted = query.OrderBy(string.IsNullOrEmpty(args.OrderBy) ? defaultOrder : args.OrderBy);
        return new GridPage<T>(await sorted.Skip(args.Skip ?? 0).Take(args.Top ?? 20).ToListAsync(ct), count);
    }

    sealed class Box<T>(T value)
    {
        public readonly T Value = value;
    }

    /// <summary>EF Core writes a constant into the SQL text and a captured field as a parameter.</summary>
    sealed class Parameters : ExpressionVisitor
    {
        protected override Expression VisitConstant(ConstantExpression constant) =>
            constant.Value is string or DateTimeOffset or DateOnly or decimal or int or long or double or Guid
                ? Expression.Field(
                    Expression.Constant(Activator.CreateInstance(typeof(Box<>).MakeGenericType(constant.Type), constant.Value)),
                        "Value")
                : constant;
    }
}
