using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Tariffs;

/// <summary>The document is not a valid tariff.</summary>
/// <param name="Problems">Every problem, with the path of its field.</param>
public sealed record TariffInvalid(IReadOnlyList<TariffProblem> Problems) : Error("tariffs.invalid", Problems.Count);

/// <summary>Examples of the tariff do not come out.</summary>
/// <param name="Failed">Those that do not.</param>
public sealed record ExamplesFail(IReadOnlyList<TariffCheck> Failed) : Error("tariffs.examples-fail", Failed.Count,
    new GivenNames([.. Failed.Select(c => new GivenName(c.Example.Name ?? c.Example.Entry.ToString("s"))
    {
        Note = $" ({c.Quote.Amount} ≠ {c.Example.Fee})"
    })]));

/// <summary>Somebody else has saved or published the tariff since it was looked at.</summary>
/// <param name="By">Who; null where nobody noted it.</param>
public sealed record DraftChanged(string? By = null) : Error("tariffs.draft-changed", By is null ? "somebody-else" : new GivenName(By))
{
    /// <summary>By the version that there is instead.</summary>
    public static DraftChanged To(TariffVersion version) => new(version.PublishedBy ?? version.SavedBy);
}

/// <summary>A version prices entries from its publication on, never entries of the past.</summary>
public sealed record EffectiveInThePast() : Error("tariffs.effective-in-the-past");

/// <summary>All versions are published.</summary>
public sealed record NoDraft() : Error("tariffs.no-draft");

/// <summary>A lot gets only what can price its cars at once.</summary>
public sealed record TariffNotInForce(string Name) : Error("tariffs.not-in-force", new GivenName(Name));

public sealed record TariffStillUsed(string Name, int Lots) : Error("tariffs.still-used", new GivenName(Name), Lots);

/// <summary>A tariff may price any lot, so only somebody who sees all of them changes it.</summary>
public sealed record TariffsAreTheCitys() : Error("tariffs.the-citys");
