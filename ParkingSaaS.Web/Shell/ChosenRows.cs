namespace ParkingSaaS.Web.Shell;

/// <summary>The rows that somebody chose in a list, over all its pages.</summary>
/// <param name="id">What a row is known by, however often it is read.</param>
sealed class ChosenRows<TRow>(Func<TRow, object> id)
{
    /// <summary>The most at once, so that what is done to them comes to an end. Further ones are not chosen.</summary>
    public const int Most = 1000;

    readonly Dictionary<object, TRow> rows = [];

    /// <summary>In the order in which they were chosen.</summary>
    public IReadOnlyList<TRow> All => [.. rows.Values];

    public int Count => rows.Count;

    /// <summary>No further one is chosen.</summary>
    public bool Full => rows.Count >= Most;

    public bool Has(TRow row) => rows.ContainsKey(id(row));

    public void Set(IEnumerable<TRow> some, bool chosen)
    {
        foreach (var row in some)
            if (!chosen)
                rows.Remove(id(row));
            else if (rows.Count < Most || Has(row))
                rows[id(row)] = row;
    }

    /// <summary>The list was read again: what is chosen says what is true now.</summary>
    public void Renew(IEnumerable<TRow> read) => Set(read.Where(Has), chosen: true);

    public void Clear() => rows.Clear();
}
