namespace ParkingSaaS.Core.Tenancy;

/// <summary>The right to do one kind of thing, named <c>slice.verb</c>. Each slice lists its own.</summary>
public readonly record struct Permission(string Code)
{
    /// <inheritdoc/>
    public override string ToString() => Code;
}
