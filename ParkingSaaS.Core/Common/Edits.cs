using System.Collections;

namespace ParkingSaaS.Core.Common;

/// <summary>Keeps two people from writing over each other. A request carries what its form was opened with, and what has changed since
/// counts field by field: what machines write into the same row, such as a berth's state, is no change of the form.</summary>
public static class Edits
{
    /// <summary>What others changed since the form was opened; null where there is nothing to tell.</summary>
    /// <param name="seen">What the form was opened with; null where nobody looked first.</param>
    /// <param name="now">The same, as it is now.</param>
    /// <param name="request">What is to be saved. What others changed to the same is no news, so saving the same twice is fine.</param>
    /// <param name="by">Who changed it last, where that is kept.</param>
    public static ChangedMeanwhile? Since<T>(T? seen, T now, T request, string? by = null) where T : class
    {
        if (seen is null)
            return null;
        var fields = typeof(T).GetProperties().Where(p => p.PropertyType != typeof(T))
            .Select(p => (Change: new FieldChange(p.Name, p.GetValue(seen), p.GetValue(now)), Wanted: p.GetValue(request)))
            .Where(p => !Same(p.Change.From, p.Change.To) && !Same(p.Wanted, p.Change.To)).Select(p => p.Change).ToList();
        return fields.Count == 0 ? null : new ChangedMeanwhile { Fields = fields, Now = now, By = by };
    }

    /// <summary>Records are the same when their parts are, and lists of ids and words whatever their order; in lists of records the order
    /// says something.</summary>
    static bool Same(object? a, object? b) => (a, b) switch
    {
        (null, null) => true,
        (null, string { Length: 0 }) or (string { Length: 0 }, null) => true,
        (null, _) or (_, null) => false,
        (string x, string y) => x.Trim() == y.Trim(),
        (IEnumerable x, IEnumerable y) when x.Cast<object>().Concat(y.Cast<object>()).All(v => v is string or ValueType) =>
            x.Cast<object>().ToHashSet().SetEquals(y.Cast<object>()),
        (IEnumerable x, IEnumerable y) => x.Cast<object>().SequenceEqual(y.Cast<object>()),
        _ when a.Equals(b) => true,
        _ => !a.GetType().IsValueType && a.GetType() == b.GetType() && Array.TrueForAll(a.GetType().GetProperties(), p => Same(p.GetValue(a), p.GetValue(b)))
    };
}
