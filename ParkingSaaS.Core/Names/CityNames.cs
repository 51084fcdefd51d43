using System.Collections.Concurrent;
using System.Collections.Frozen;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Names;

/// <summary>The cities' names in the languages of their readers, in memory: every page asks for many. What is kept may be
/// <see cref="MaxAge"/> old; while a city's database does not answer, it stays as it is.</summary>
public sealed class CityNames(CitySessions sessions, TimeProvider clock, ILogger<CityNames> log)
{
    /// <summary>From one reading to the next.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(30);

    /// <summary>No page waits longer for them than this.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    sealed record Known(FrozenDictionary<string, string> English, FrozenDictionary<string, string> Chinese,
        FrozenDictionary<string, string[]> Given, DateTimeOffset ReadAt);

    readonly ConcurrentDictionary<string, Known> cities = new();
    readonly ConcurrentDictionary<string, Lazy<Task>> reading = new();

    static Actor ActorOf(string city) => Actor.Job(city, "names", Permission);

    const string Permission = "names.read";

    /// <summary>Has the city's names read, where they are not known or old. Never fails.</summary>
    public async ValueTask LoadAsync(string city)
    {
        if (cities.TryGetValue(city, out var known) && clock.GetUtcNow() - known.ReadAt < MaxAge)
            return;
        var task = reading.GetOrAdd(city, c => new(() => Task.Run(() => RefreshAsync(c)))).Value;
        try
        {
            await task.WaitAsync(Patience, clock);
        }
        catch (TimeoutException)
        {
            // The names as they were given will do until then.
        }
    }

    /// <summary>The name for who reads in that language; as it was given where nobody translated it.</summary>
    public string Of(string city, string language, string name) =>
        cities.TryGetValue(city, out var known) && (language == "zh" ? known.Chinese : known.English).TryGetValue(name, out var text)
            ? text : name;

    /// <summary>The city's names as they were given, by what readers of any language see in their place: one word may stand for several.</summary>
    public IReadOnlyDictionary<string, string[]> Given(string city) =>
        cities.TryGetValue(city, out var known) ? known.Given : FrozenDictionary<string, string[]>.Empty;

    /// <summary>Reads the city's names anew, for one of them changed. Never fails.</summary>
    public async Task RefreshAsync(string city)
    {
        var at = clock.GetUtcNow();
        try
        {
            await using var s = await sessions.OpenAsync(ActorOf(city), Permission, CancellationToken.None);
            var all = await s.Db.Set<NameTranslation>().AsNoTracking().ToListAsync();
            var given = all.SelectMany(t => new[] { t.English, t.Chinese }, (t, text) => (t.Name, Text: text)).Where(t => t.Text is not null)
                .GroupBy(t => t.Text!, t => t.Name).ToFrozenDictionary(g => g.Key, g => g.Distinct().ToArray());
            cities[city] = new Known(Those(t => t.English), Those(t => t.Chinese), given, at);

            FrozenDictionary<string, string> Those(Func<NameTranslation, string?> text) =>
                all.Where(t => text(t) is not null).ToFrozenDictionary(t => t.Name, t => text(t)!);
        }
        catch (Exception e)
        {
            log.LogWarning(e, "The names of city {City} could not be read", city);
            cities[city] = cities.TryGetValue(city, out var old) ? old with { ReadAt = at }
                : new Known(FrozenDictionary<string, string>.Empty, FrozenDictionary<string, string>.Empty, FrozenDictionary<string, string[]>.Empty, at);
        }
        finally
        {
            reading.TryRemove(city, out _);
        }
    }
}
