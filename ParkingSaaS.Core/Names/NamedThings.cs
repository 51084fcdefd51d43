using Microsoft.Extensions.DependencyInjection;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Names;

/// <summary>A kind of thing whose names people read, brought by the slice that has it.</summary>
/// <param name="Kind">A code, <c>lot</c>, which is part of the key of its text.</param>
/// <param name="Names">The names of those that are in use.</param>
public sealed record NamedThings(string Kind, Func<CitySession, IQueryable<string>> Names);

/// <summary>A name that is in use, with what it is in the languages of its readers.</summary>
public sealed class NamedThing
{
    /// <summary>See <see cref="NamedThings.Kind"/>.</summary>
    public string Kind { get; init; } = "";

    /// <summary>As it was given.</summary>
    public string Name { get; init; } = "";

    /// <summary>See <see cref="NameTranslation.English"/>.</summary>
    public string? English { get; init; }

    /// <summary>See <see cref="NameTranslation.Chinese"/>.</summary>
    public string? Chinese { get; init; }
}

/// <summary>Registers kinds of named things.</summary>
public static class NamedThingsSetup
{
    /// <summary>Brings a kind of thing, <see cref="NamedThings"/>.</summary>
    public static IServiceCollection AddNames(this IServiceCollection services, string kind, Func<CitySession, IQueryable<string>> names) =>
        services.AddSingleton(new NamedThings(kind, names));
}

/// <summary>Which names there are to be read in other languages.</summary>
public sealed class NamesInUse(IEnumerable<NamedThings> kinds)
{
    /// <summary>Each name once for its kind; those that are translated and belong to nothing (a word of a tariff) with the kind <c>other</c>.</summary>
    public IQueryable<NamedThing> Of(CitySession s)
    {
        var translations = s.Db.Set<NameTranslation>();
        var used = kinds.Select(k => k.Names(s).Distinct().Select(n => new { k.Kind, Name = n })).Aggregate((all, more) => all.Concat(more));
        return used.LeftJoin(translations, u => u.Name, t => t.Name, (u, t) => new { u.Kind, u.Name, t!.English, t.Chinese })
            .Concat(translations.Where(t => !used.Any(u => u.Name == t.Name)).Select(t => new { Kind = Other, t.Name, t.English, t.Chinese }))
            .Select(n => new NamedThing { Kind = n.Kind, Name = n.Name, English = n.English, Chinese = n.Chinese });
    }

    /// <summary>See <see cref="Of"/>.</summary>
    public const string Other = "other";
}
