using System.Text.Json;
using System.Text.Json.Nodes;
using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Tariffs;

/// <summary>Ready-made tariffs, to start from: notices of cities, and kinds without a notice. Id is the file's name in Templates.</summary>
public sealed record TariffTemplate(string Id, Tariff Tariff)
{
    public static IReadOnlyList<TariffTemplate> All { get; } = [.. ReadAll()];

    /// <summary>Those that a city can use: notices in its currency, and every kind, whose prices are to be replaced anyway.</summary>
    public static IReadOnlyList<TariffTemplate> For(Currency currency) =>
    [
        .. All.Where(t => t.Tariff.Currency == currency),
        .. All.Where(t => t.Tariff.Currency != currency && t.Tariff.Source is null).Select(t => t.In(currency)),
    ];

    /// <summary>The template in another currency. A yuan becomes a hundred of a currency without decimals, so that no price and no example
    /// needs any; what it says of its prices goes.</summary>
    TariffTemplate In(Currency currency)
    {
        var json = JsonSerializer.SerializeToNode(Tariff with { Currency = currency, Description = null }, TariffJson.Options)!;
        if (currency.Digits == 0)
            Raise(json);
        return this with { Tariff = json.Deserialize<Tariff>(TariffJson.Options)! };

        static void Raise(JsonNode? node)
        {
            if (node is JsonArray list)
                foreach (var item in list)
                    Raise(item);
            else if (node is JsonObject fields)
                foreach (var (name, value) in fields.ToList())
                    if (name is "price" or "total" or "amount" or "minimumCharge" or "fee" or "unit")
                        fields[name] = value!.GetValue<decimal>() * 100;
                    else
                        Raise(value);
        }
    }

    private static IEnumerable<TariffTemplate> ReadAll()
    {
        const string prefix = "tariffs/";
        var assembly = typeof(TariffTemplate).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.StartsWith(prefix)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            var reading = TariffJson.Read(reader.ReadToEnd());
            yield return new(name[prefix.Length..], reading.Tariff
                ?? throw new InvalidOperationException($"{name}: {string.Join("; ", reading.Problems)}"));
        }
    }
}
