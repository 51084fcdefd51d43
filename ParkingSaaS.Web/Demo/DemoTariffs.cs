using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Web.Demo;

/// <summary>The tariffs by which the lots of the demo charge.</summary>
static class DemoTariffs
{
    /// <summary>Attendants charge a car across two berths the double.</summary>
    static readonly TariffFactor DoubleByHand = new() { Id = "占两个泊位加倍", AppliesTo = new AppliesTo { ByHand = true }, Factor = 2 };

    /// <summary>One tariff of each template in the currency of the city, published and in force for a year already, so that stays of the
    /// past have a price; and each lot with its own.</summary>
    public static async Task AddAsync(CitySession s, DemoCity plan, List<DemoFileLot> lots, CancellationToken ct)
    {
        var plans = new Dictionary<string, Guid>();
        foreach (var template in TariffTemplate.For(s.City.Currency))
        {
            var tariff = await s.EnsureAsync(t => t.Name == template.Tariff.Name,
                () => new TariffPlan { Id = Guid.CreateVersion7(), Name = template.Tariff.Name }, ct);
            plans[template.Id] = tariff.Id;
            await s.EnsureAsync(v => v.TariffId == tariff.Id, () => new TariffVersion
            {
                Id = Guid.CreateVersion7(),
                TariffId = tariff.Id,
                Number = 1,
                Definition = TariffJson.Write(template.Tariff with { Factors = [.. template.Tariff.Factors, DoubleByHand] }),
                EffectiveFrom = s.City.Zone.StartOf(s.City.Zone.Date(s.Now).AddYears(-1)),
                PublishedAt = s.Now,
                PublishedBy = s.Actor.Name
            }, ct);
        }
        foreach (var (lot, template) in lots.Zip(plan.Lots.Select(l => l.Tariff)))
            await s.EnsureAsync(a => a.LotId == lot.Id, () => new LotTariff
            {
                Id = Guid.CreateVersion7(),
                LotId = lot.Id,
                TariffId = plans[template],
                UsedFrom = s.City.Zone.StartOf(s.City.Zone.Date(s.Now).AddYears(-1)),
                AssignedBy = s.Actor.Name
            }, ct);
    }
}
