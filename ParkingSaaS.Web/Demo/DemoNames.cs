using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Names;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Web.Demo;

/// <summary>What the demo's names are in English.</summary>
static class DemoNames
{
    public static async Task AddAsync(CitySession s, CancellationToken ct)
    {
        await using var file = typeof(DemoNames).Assembly.GetManifestResourceStream("Demo/names.en.json")!;
        var english = (await JsonSerializer.DeserializeAsync<Dictionary<string, string>>(file, cancellationToken: ct))!;
        var known = await s.Db.Set<NameTranslation>().Select(t => t.Name).ToHashSetAsync(ct);
        s.Db.AddRange(english.Where(n => !known.Contains(n.Key))
            .Select(n => new NameTranslation { Id = Guid.CreateVersion7(), Name = n.Key, English = n.Value }));
    }
}
