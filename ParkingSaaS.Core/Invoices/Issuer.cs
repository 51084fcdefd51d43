using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Invoices;

/// <summary>Who sells parking in the eyes of the tax office, and so issues invoices: for the whole city, for a company's lots, or for one lot. It is never
/// removed, for invoices name it; switched off, it issues no new ones.</summary>
public sealed class Issuer
{
    public const int MaxName = 100, MaxContact = 100, MaxGoods = 60, MaxDrawer = 8, TaxCodeLength = 19;

    /// <summary>The tax office's code of what is sold: parking of vehicles.</summary>
    public const string Parking = "3040502020200000000";

    /// <summary>Row id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The seller as registered.</summary>
    public string Name { get; set; } = "";

    /// <summary>See <see cref="Invoices.TaxNumber"/>.</summary>
    public string TaxNumber { get; set; } = "";

    /// <summary>For the lots of this company alone.</summary>
    public Guid? CompanyId { get; set; }

    /// <summary>For this lot alone.</summary>
    public Guid? LotId { get; set; }

    public bool Enabled { get; set; } = true;

    /// <summary>The seller's address, as invoices show it; may be empty, as the three below.</summary>
    public string Address { get; set; } = "";

    public string Phone { get; set; } = "";

    public string Bank { get; set; } = "";

    public string BankAccount { get; set; } = "";

    /// <summary>In hundredths of a percent: 900 is 9 %. Prices include it.</summary>
    public int Rate { get; set; }

    /// <summary>What the lines of invoices call what is sold.</summary>
    public string GoodsName { get; set; } = "";

    /// <summary>The tax office's code of what is sold.</summary>
    public string TaxCode { get; set; } = Parking;

    /// <summary>Who draws invoices up.</summary>
    public string Drawer { get; set; } = "";

    /// <summary>Code of the <see cref="IInvoiceProvider"/>; empty where people write invoices elsewhere and enter their numbers.</summary>
    public string Provider { get; set; } = "";

    /// <summary>By which the provider knows us.</summary>
    public string AppKey { get; set; } = "";

    /// <summary>Signs what the provider is asked; sealed.</summary>
    public string AppSecret { get; set; } = "";

    /// <summary>What the provider lent us, sealed; empty where it is asked for one first.</summary>
    public string Token { get; set; } = "";

    public DateTimeOffset? TokenUntil { get; set; }

    /// <summary>Who changed it last.</summary>
    public string ChangedBy { get; set; } = "";

    public DateTimeOffset ChangedAt { get; set; }

    /// <summary>The row's version: two writers cannot both win.</summary>
    public uint RowVersion { get; init; }

    /// <summary>Who issues for a lot: the lot's own before its company's before the city's; null where there is none.</summary>
    internal static Task<Issuer?> OfLotAsync(CitySession s, Guid lotId, CancellationToken ct) =>
        s.Db.Set<Issuer>().AsNoTracking().Where(i => i.Enabled && (i.LotId == lotId || (i.LotId == null
                && (i.CompanyId == null || s.Db.Set<Lot>().Any(l => l.Id == lotId && l.CompanyId == i.CompanyId)))))
            .OrderBy(i => i.LotId == null).ThenBy(i => i.CompanyId == null).FirstOrDefaultAsync(ct);
}
