using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Web;
using ParkingSaaS.Web.Shell;
using ParkingSaaS.Web.Tariffs;
using static ParkingSaaS.Tests.Tariffs.Fees;

namespace ParkingSaaS.Tests.Tariffs;

/// <summary>A tariff in sentences: nothing that changes a fee is left out, in either language.</summary>
public sealed class TariffProseTests
{
    static readonly CultureInfo[] Languages = [new("en"), new("zh-CN")];

    static readonly IStringLocalizer<Texts> Texts = new ServiceCollection().AddLogging().AddTexts().BuildServiceProvider()
        .GetRequiredService<IStringLocalizer<Texts>>();

    static readonly PageNames AsGiven = new(() => null, null!);

    static string Words(Tariff tariff, CultureInfo language)
    {
        var prose = TariffProse.Of(Texts, tariff, AsGiven, language);
        return string.Join('\n', [.. prose.Prices.Select(p => p.Text), prose.Order, .. prose.Rest]);
    }

    static readonly Tariff Notice = Tariff("""
        {"id":"a","appliesTo":{"dayTypes":["workday"],"vehicles":["small"]},"window":{"from":"07:00","to":"22:00"},"cap":{"amount":25,"per":"day"},
         "charge":{"mode":"timed","stages":[{"untilMinutes":60,"total":3},{"price":2,"perMinutes":30}]}},
        {"id":"b","window":{"from":"22:00","to":"07:00"},"appliesTo":{"weekdays":["monday","tuesday","wednesday","sunday"],"colours":["yellow"]},
         "charge":{"mode":"perEntry","price":5}}
        """, """ "freeMinutes":[{"minutes":10}],"caps":[{"per":"stay","like":{"rule":"a","minutes":600}}],"reentry":{"withinMinutes":30} """);

    [Fact]
    public void It_reads_as_people_write_it()
    {
        Assert.Equal("""
            Workdays, 07:00–22:00, small vehicles: first hour ¥3.00, then ¥2.00 for each started half hour; at most ¥25.00 per day.
            Mon to Wed, Sun, 22:00–07:00 of the next day, yellow plates: ¥5.00 for these hours.
            At every moment of a stay the first rule that applies sets the price. Time to which none applies is free.
            Up to 10 min is free, a longer stay is charged from its beginning.
            At most what 10 h cost by price 1 per stay.
            A car that is back within 30 min goes on with its stay; the time away is free.
            A day runs from midnight to midnight.
            Statutory holidays are rest days; a weekend day that is worked instead is a workday.
            The fee is rounded to ¥0.01, half up.
            """, Words(Notice, Languages[0]));
        Assert.StartsWith("工作日、07:00–22:00、小型车：首 1 小时 ¥3.00，之后每 30 分钟 ¥2.00（不足 30 分钟按 30 分钟计）；每日最高 ¥25.00。", Words(Notice, Languages[1]));
    }

    /// <summary>Every amount, time and condition of every rule, cap and the rest is there.</summary>
    [Fact]
    public void Every_rule_cap_and_condition_of_random_tariffs_is_mentioned()
    {
        var random = new Random(20261129);
        for (var run = 0; run < 300; run++)
        {
            var tariff = RandomTariffs.Returning(RandomTariffs.Tariff(random), random);
            foreach (var language in Languages)
            {
                var prose = TariffProse.Of(Texts, tariff, AsGiven, language);
                Assert.Equal(tariff.Rules, prose.Prices.Select(p => p.Rule));
                foreach (var price in prose.Prices)
                    foreach (var part in Parts(price.Rule).Append(price.When).Append(price.Who))
                        Assert.Contains(part, price.Text, StringComparison.OrdinalIgnoreCase);
                var free = Sentences(prose.Free, tariff.FreeMinutes.Count);
                Assert.All(tariff.FreeMinutes.Zip(free), f => Holds(f.Second, [Length(f.First.Minutes), .. Conditions(f.First.AppliesTo)]));
                var caps = prose.Limits.TakeLast(tariff.Caps.Count + (tariff.MinimumCharge is null ? 0 : 1));
                Assert.All(tariff.Caps.Zip(caps), c => Holds(c.Second,
                    [c.First.Amount is { } a ? Money(a) : Length(c.First.Like!.Minutes), .. Window(c.First.Window), .. Conditions(c.First.AppliesTo)]));
                Assert.Contains(prose.Limits.Append(""), l => tariff.MinimumCharge is not { } least || l.Contains(Money(least)));
                Assert.All(tariff.Factors, f =>
                    Assert.Contains(prose.More, m => m.Contains($"× {f.Factor.ToString("0.######", CultureInfo.InvariantCulture)}")));
                Assert.All(tariff.Factors, f => Assert.DoesNotContain(prose.More, m => m.Contains(f.Id))); // a code of the document, no name
                Assert.All(tariff.MidnightFees, m => Assert.Contains(prose.More, s => s.Contains(Money(m.Price))));

                string Length(int minutes) =>
                    TariffProse.In(language, () => minutes % 60 == 0 ? Texts["{0} h", minutes / 60] : Texts["{0} min", minutes]).Value;
                IEnumerable<string> Conditions(AppliesTo? a) => TariffProse.In(language, () => a is null ? [] : new[]
                {
                    a.Vehicles.Select(v => Texts[$"vehicles.{v}"].Value), a.Groups,
                    a.DayTypes.Select(t => Texts[$"dayType.{char.ToLowerInvariant($"{t}"[0])}{$"{t}"[1..]}"].Value),
                    a.Seasons.SelectMany(s => new[] { $"{s.To.Day}" }),
                }.SelectMany(x => x).ToArray());
                IEnumerable<string> Parts(TariffRule rule) =>
                [
                    .. Conditions(rule.AppliesTo), .. Window(rule.Window),
                    .. rule.AfterMinutes is { } after ? [Length(after)] : Array.Empty<string>(),
                    .. rule.Charge switch
                    {
                        EntryCharge entry => [Money(entry.Price)],
                        TimedCharge timed => timed.Stages.Select((s, i) =>
                            s.Total is 0 && i == 0 && s.UntilMinutes is not null ? "" : Money(s.Total ?? s.Price!.Value)),
                        _ => Array.Empty<string>()
                    },
                    .. rule is { Cap: { } cap, Charge: not FreeCharge } ? [Money(cap.Amount)] : Array.Empty<string>()
                ];
            }
        }

        static string Money(decimal amount) => Core.Common.Currency.Yuan.Text(amount);
        static IEnumerable<string> Window(DayWindow? window) => window is null ? [] : [$"{window.From}", $"{window.To}"];
        static IEnumerable<string> Sentences(IReadOnlyList<string> all, int count) => all.TakeLast(count);
        static void Holds(string sentence, IEnumerable<string> parts) =>
            Assert.All(parts, p => Assert.Contains(p, sentence, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Whatever field of a tariff is given another value, the sentences differ, unless the fee is the same with both.</summary>
    [Fact]
    public void A_tariff_that_says_otherwise_reads_otherwise()
    {
        var random = new Random(20261130);
        var (changed, silent) = (0, new SortedSet<string>());
        for (var run = 0; run < 400; run++)
        {
            var (tariff, other) = (Json(), Json());
            foreach (var path in Leaves(other, ""))
            {
                var altered = tariff.DeepClone();
                if (!Put(altered, path, Get(other, path)!.DeepClone()))
                    continue;
                var (before, after) = (TariffJson.Read(tariff.ToJsonString()).Tariff!, TariffJson.Read(altered.ToJsonString()).Tariff);
                if (after is null || Meaning(before) == Meaning(after))
                    continue;
                changed++;
                foreach (var language in Languages)
                    if (Words(before, language) == Words(after, language))
                        silent.Add($"{language}: {string.Join(' ', TariffDifference.Between(before, after))}");
            }

            JsonNode Json() => JsonNode.Parse(TariffJson.Write(RandomTariffs.Returning(RandomTariffs.Tariff(random), random)))!;
        }
        Assert.Equal("", string.Join('\n', silent.Take(20)));
        Assert.True(changed > 2_000, $"{changed}");
    }

    /// <summary>The tariff without what makes no other fee: the order of a set and what stands in it twice, what a free rule would count, how
    /// one factor goes with no other, and what counts anyway where nothing is said.</summary>
    static string Meaning(Tariff tariff) => TariffJson.Write(tariff with
    {
        Rules = [.. tariff.Rules.Select(r => r with
        {
            AppliesTo = Sets(r.AppliesTo),
            Per = r.Charge is FreeCharge ? null : Reach(r, r.Per),
            Cap = r is { Cap: { } cap, Charge: not FreeCharge } ? cap with { Per = Reach(r, cap.Per) } : null
        })],
        FreeMinutes = [.. tariff.FreeMinutes.Select(f => f with { AppliesTo = Sets(f.AppliesTo) })],
        Caps = [.. tariff.Caps.Select(c => c with { AppliesTo = Sets(c.AppliesTo) })],
        MidnightFees = [.. tariff.MidnightFees.Select(m => m with { AppliesTo = Sets(m.AppliesTo) })],
        Factors = [.. tariff.Factors.Select(f => f with { AppliesTo = Sets(f.AppliesTo) })],
        FactorsTogether = tariff.Factors.Count < 2 ? default : tariff.FactorsTogether,
        Rounding = tariff.Rounding with { Unit = tariff.Rounding.Unit ?? 0.01m }
    });

    static AppliesTo? Sets(AppliesTo? a) => a is null ? null
        : a with { Vehicles = [.. a.Vehicles.Distinct().Order()], Weekdays = [.. a.Weekdays.Distinct().Order()] };

    static Per Reach(TariffRule rule, Per? per) => per is Per.Day or Per.Stay ? per.Value : rule.Window is null ? Per.Day : Per.Window;

    static IEnumerable<string> Leaves(JsonNode? node, string path) => node switch
    {
        JsonObject o => o.SelectMany(f => Leaves(f.Value, $"{path}/{f.Key}")),
        JsonArray a => a.SelectMany((item, i) => Leaves(item, $"{path}/{i}")),
        _ => [path]
    };

    static JsonNode? Get(JsonNode? node, string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries).Aggregate(node,
        (n, step) => n switch
        {
            JsonObject o => o[step],
            JsonArray a => int.Parse(step) < a.Count ? a[int.Parse(step)] : null,
            _ => null
        });

    static bool Put(JsonNode root, string path, JsonNode value)
    {
        var slash = path.LastIndexOf('/');
        switch (Get(root, path[..slash]))
        {
            case JsonObject o:
                o[path[(slash + 1)..]] = value;
                return true;
            case JsonArray a when int.Parse(path[(slash + 1)..]) < a.Count:
                a[int.Parse(path[(slash + 1)..])] = value;
                return true;
            default:
                return false;
        }
    }
}
