using System.ComponentModel;
using System.Text.Json;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tariffs.Engine;

namespace ParkingSaaS.Core.Tariffs;

/// <summary>What a partner asks: what would these stays cost under this tariff?</summary>
public sealed record QuoteRequest
{
    /// <summary>The most stays in one request.</summary>
    public const int MaxStays = 1000;

    /// <summary>The most lines in one answer: a stay of a year under a tariff of many windows has thousands.</summary>
    public const int MaxLines = 100_000;

    public required Tariff Tariff { get; init; }

    /// <summary>Null: the city's default.</summary>
    [Description("Dates that are not what their weekday says; without it the city's default calendar counts, "
        + "and where it has none Saturdays and Sundays rest.")]
    public DayTypes? Calendar { get; init; }

    /// <summary>IANA name; null is the city's zone.</summary>
    [Description("IANA name of the time zone that windows and dates are read in; the city's unless given.")]
    public string? Zone { get; init; }

    /// <summary>At most <see cref="MaxStays"/>.</summary>
    public required IReadOnlyList<QuotedStay> Stays { get; init; }

    /// <summary>Reads and prices.</summary>
    /// <param name="utf8">The request, as it came.</param>
    /// <param name="cityZone">The zone unless the request names another.</param>
    /// <param name="cityDays">The calendar unless the request brings one.</param>
    /// <param name="notes">What is to be said of that calendar, from one date to another.</param>
    public static QuoteAnswer Answer(ReadOnlyMemory<byte> utf8, CityZone cityZone, DayTypes cityDays,
        Func<DateOnly, DateOnly, IReadOnlyList<FeeNote>?> notes)
    {
        if (TariffJsonText.Check(utf8.Span) is { } malformed)
            return new(null, [malformed]);
        using var document = JsonDocument.Parse(utf8);
        var json = document.RootElement;
        if (TariffJsonShape.Check(json, typeof(QuoteRequest), TariffJson.Options) is { Count: > 0 } misshapen)
            return new(null, misshapen);
        var request = json.Deserialize<QuoteRequest>(TariffJson.Options)!;
        var problems = TariffValidation.Check(request.Tariff).Select(p => p with { Path = "/tariff" + p.Path }).ToList();
        var zone = cityZone;
        if (request.Zone is { Length: > 64 } || (request.Zone is { } id && !TimeZoneInfo.TryFindSystemTimeZoneById(id, out _)))
            problems.Add(new("/zone", "zone.unknown", "Must be the IANA name of a time zone, such as \"Asia/Shanghai\""));
        else if (request.Zone is not null)
            zone = new CityZone(request.Zone);
        if (request.Stays.Count > MaxStays)
            problems.Add(new("/stays", "list.length", $"Must have 0 to {MaxStays} entries"));
        if (problems.Count > 0)
            return new(null, problems);

        var quotes = new List<FeeQuote>(request.Stays.Count);
        var lines = 0;
        for (var i = 0; i < request.Stays.Count; i++)
        {
            var stay = request.Stays[i];
            if (Instants.TryParse(stay.Entry, zone) is not { } entry)
                problems.Add(new($"/stays/{i}/entry", "time.invalid", Instants.Expected));
            else if (Instants.TryParse(stay.Exit, zone) is not { } exit)
                problems.Add(new($"/stays/{i}/exit", "time.invalid", Instants.Expected));
            else if (problems.Count == 0)
            {
                var earlier = new EarlierStay[stay.Earlier.Count];
                for (var j = 0; j < earlier.Length; j++)
                    if (Instants.TryParse(stay.Earlier[j].Entry, zone) is { } began && Instants.TryParse(stay.Earlier[j].Exit, zone) is { } ended)
                        earlier[j] = new EarlierStay(began, ended);
                    else
                        return new(null, [new($"/stays/{i}/earlier/{j}", "time.invalid", Instants.Expected)]);
                var quote = FeeEngine.Quote(request.Tariff, request.Calendar ?? cityDays, zone.Rules, new Stay(entry, exit,
                    stay.Vehicle, stay.Colour, stay.NewEnergy ?? stay.Colour.IsNewEnergy(),
                    stay.Groups, stay.ByHand, earlier));
                lines += quote.Lines.Count;
                if (lines > MaxLines)
                    return new(null, [new($"/stays/{i}", "quote.tooLong", $"The fees together have more than {MaxLines} lines; ask in parts")]);
                quotes.Add(quote.Problem is not null ? quote : quote with
                {
                    Lines = [.. quote.Lines.Select(l => l with { From = zone.WithOffset(l.From), To = zone.WithOffset(l.To) })],
                    Notes = request.Calendar is null ? notes(zone.Date(entry), zone.Date(exit)) : null
                });
            }
        }
        return problems.Count > 0 ? new(null, problems) : new(quotes, [.. Unpublishable(request.Tariff, zone)]);
    }

    /// <summary>With these it could not be published.</summary>
    static IEnumerable<TariffProblem> Unpublishable(Tariff tariff, CityZone zone) =>
        TariffChecks.Open(tariff).Select(p => p with { Path = "/tariff" + p.Path }).Concat(
        from check in TariffChecks.Run(tariff, zone.Rules).Index()
        where !check.Item.Passed
        select new TariffProblem($"/tariff/examples/{check.Index}/fee", "example.fails", check.Item.Quote.Problem is { } none
            ? $"The tariff has no fee for this stay ({none})"
            : $"The tariff comes to {check.Item.Quote.Amount}"));
}

/// <summary>A stay to be priced.</summary>
public sealed record QuotedStay
{
    /// <summary>An instant, or a local clock time.</summary>
    [Description("ISO 8601 with an offset, or without one as local clock time of the zone.")]
    public required string Entry { get; init; }

    /// <inheritdoc cref="Entry"/>
    [Description("ISO 8601 with an offset, or without one as local clock time of the zone.")]
    public required string Exit { get; init; }

    public VehicleKind Vehicle { get; init; }

    public PlateColour Colour { get; init; }

    /// <summary>Null: as the plate's colour says.</summary>
    [Description("Without it as the plate's colour says: green and yellowGreen are new energy.")]
    public bool? NewEnergy { get; init; }

    /// <summary>The groups that the vehicle is in.</summary>
    [Description("Names of the vehicle groups that the car is in.")]
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>Marked by hand for another charge.</summary>
    [Description("Whether somebody marked the stay by hand, as for a double charge.")]
    public bool ByHand { get; init; }

    /// <summary>The car's stays before this one.</summary>
    [Description("The car's stays before this one, in order; they matter to tariffs with re-entry or free minutes once in some days.")]
    public IReadOnlyList<QuotedTime> Earlier { get; init; } = [];
}

/// <summary>An earlier stay, in the same form.</summary>
public sealed record QuotedTime
{
    /// <inheritdoc cref="QuotedStay.Entry"/>
    public required string Entry { get; init; }

    /// <inheritdoc cref="QuotedStay.Entry"/>
    public required string Exit { get; init; }
}

/// <summary>The quotes in the order of the stays, or why there are none; with quotes, what is wrong with the tariff all the same.</summary>
public sealed record QuoteAnswer(IReadOnlyList<FeeQuote>? Quotes, IReadOnlyList<TariffProblem> Problems);
