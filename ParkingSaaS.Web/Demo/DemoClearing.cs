using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Finance.Clearing;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Web.Demo;

/// <summary>Who shares what a city of the demo takes in. Statements are made by a person, when the books are proven.</summary>
static class DemoClearing
{
    const string By = "城市管理员";

    /// <summary>The company that operates a lot gets most of it, the ground's owner a third; the rest stays with the city.</summary>
    public static async Task AddAsync(CitySession s, DemoCity plan, List<DemoFileLot> lots, int days, CancellationToken ct)
    {
        if (await s.Db.Set<Party>().AnyAsync(ct))
            return;
        var owner = Add(plan.Name + "国有资产经营公司", "中国工商银行" + plan.Name + "分行", "6222021001116245702");
        var companies = plan.Companies.ToDictionary(c => c.Name, c => Add(c.Name, "中国建设银行" + plan.Name + "分行", "6217001180012345678"));
        var first = s.City.Zone.Date(s.Now).AddDays(1 - Math.Max(days, 1));
        foreach (var (lot, planned) in lots.Zip(plan.Lots).Take(3))
            s.Db.Add(new ClearingAgreement
            {
                Id = Guid.CreateVersion7(),
                LotId = lot.Id,
                From = first,
                Shares =
                {
                    new ClearingShare { PartyId = companies[planned.Company].Id, BasisPoints = 6000 },
                    new ClearingShare { PartyId = owner.Id, BasisPoints = 3333 }
                },
                ChangedBy = By,
                ChangedAt = s.Now
            });

        Party Add(string name, string bank, string number)
        {
            var party = new Party
            {
                Id = Guid.CreateVersion7(),
                Name = name,
                AccountHolder = name,
                Bank = bank,
                AccountNumber = number,
                ChangedBy = By,
                ChangedAt = s.Now
            };
            s.Db.Add(party);
            return party;
        }
    }
}
