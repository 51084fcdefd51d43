namespace ParkingSaaS.Core.Tariffs;

/// <summary>Ready-made tariffs of different kinds, to start from. Id is the file's name in Templates.</summary>
public sealed record TariffTemplate(string Id, Tariff Tariff)
{
    public static IReadOnlyList<TariffTemplate> All { get; } = [.. ReadAll()];

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
