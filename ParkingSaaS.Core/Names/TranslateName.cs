using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Names;

/// <summary>The rights that this slice checks.</summary>
public static class NamePermissions
{
    /// <summary>Say what the city's names are in other languages.</summary>
    public const string Translate = "names.translate";
}

/// <summary>A name in the languages of its readers.</summary>
/// <param name="Name">1–<see cref="NameTranslation.MaxLength"/> characters, as it was given.</param>
/// <param name="English">At most <see cref="NameTranslation.MaxLength"/> characters; null for the name as it is.</param>
/// <param name="Chinese">As <paramref name="English"/>.</param>
public sealed record TranslatedName(string Name, string? English, string? Chinese);

/// <summary>Says what a name is in other languages, wherever it stands. This node shows it at once, others within
/// <see cref="CityNames.MaxAge"/>.</summary>
public sealed class TranslateName(CitySessions sessions, CityNames names)
{
    /// <exception cref="AccessDeniedException">The actor may not translate names.</exception>
    public async Task<Result<Done>> RunAsync(Actor actor, TranslatedName name, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, NamePermissions.Translate, ct);
        var (given, english, chinese) = (name.Name.Trim(), Given(name.English), Given(name.Chinese));
        var invalid = Check.Required(nameof(name.Name), given, NameTranslation.MaxLength)
            ?? Check.Optional(nameof(name.English), english, NameTranslation.MaxLength)
            ?? Check.Optional(nameof(name.Chinese), chinese, NameTranslation.MaxLength);
        if (invalid is not null)
            return invalid;
        var translation = await s.Db.Set<NameTranslation>().FirstOrDefaultAsync(t => t.Name == given, ct);
        if (english is null && chinese is null)
        {
            if (translation is not null)
                s.Db.Remove(translation);
        }
        else if (translation is not null)
            (translation.English, translation.Chinese) = (english, chinese);
        else
            s.Db.Add(new NameTranslation { Id = Guid.CreateVersion7(), Name = given, English = english, Chinese = chinese });
        var saved = await s.SaveAsync(ct);
        await names.RefreshAsync(actor.City);
        return saved;

        static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
    }
}
