namespace ParkingSaaS.Core.Passes;

/// <summary>Time from an instant up to another, the latter excluded.</summary>
public readonly record struct Stretch(DateTimeOffset From, DateTimeOffset To);

/// <summary>Sets of time: stretches in order that neither touch nor overlap.</summary>
public static class Stretches
{
    /// <summary>Puts stretches in order and those together that touch. Empty ones vanish.</summary>
    public static List<Stretch> Union(IEnumerable<Stretch> stretches)
    {
        var all = new List<Stretch>();
        foreach (var x in stretches.Where(x => x.From < x.To).OrderBy(x => x.From))
            if (all.Count > 0 && x.From <= all[^1].To)
                all[^1] = all[^1] with { To = x.To > all[^1].To ? x.To : all[^1].To };
            else
                all.Add(x);
        return all;
    }

    /// <summary>What is in both.</summary>
    public static List<Stretch> And(this IReadOnlyList<Stretch> a, IReadOnlyList<Stretch> b) => Union(
        from x in a
        from y in b
        select new Stretch(x.From > y.From ? x.From : y.From, x.To < y.To ? x.To : y.To));

    /// <summary>What is in the first and not in the second.</summary>
    public static List<Stretch> Without(this IReadOnlyList<Stretch> a, IReadOnlyList<Stretch> b)
    {
        var rest = a.ToList();
        foreach (var y in b)
            rest = [.. rest.SelectMany(x => new[]
            {
                x with { To = x.To < y.From ? x.To : y.From },
                x with { From = x.From > y.To ? x.From : y.To }
            }).Where(x => x.From < x.To)];
        return rest;
    }
}
