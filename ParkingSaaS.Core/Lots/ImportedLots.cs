using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Imports;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Lots;

/// <summary>The lots that a file names, of those in use within the actor's reach; where it is for one lot, that one and no other.</summary>
public sealed class ImportedLots
{
    readonly Dictionary<string, Lot> byName;
    readonly Lot? ofFile;
    readonly ImportSheet sheet;

    ImportedLots(List<Lot> lots, ImportSheet sheet) =>
        (byName, ofFile, this.sheet) = (lots.ToDictionary(l => l.Name), lots.Find(l => l.Id == sheet.LotId), sheet);

    /// <summary>Their ids.</summary>
    public Guid[] Ids => [.. byName.Values.Select(l => l.Id)];

    public static async Task<ImportedLots> LoadAsync(CitySession s, ImportSheet sheet, CancellationToken ct)
    {
        var names = sheet.Named(ImportColumn.Lot);
        var lots = s.Db.Set<Lot>().AsNoTracking().Where(l => l.RetiredAt == null);
        lots = sheet.LotId is { } id ? lots.Where(l => l.Id == id) : lots.Where(l => names.Contains(l.Name));
        return new(await lots.ToListAsync(ct), sheet);
    }

    /// <summary>The lot of a line; null where that is wrong, which the line then says.</summary>
    public Lot? Of(ImportLine line)
    {
        var text = line[ImportColumn.Lot];
        if (text.Length == 0)
        {
            if (ofFile is null)
                line.Wrong(new InvalidField(ImportColumn.Lot.Field, "required"));
            return ofFile;
        }
        if (sheet.Find(ImportColumn.Lot.Field, text, byName.GetValueOrDefault).Try(out var lot, out var wrong))
            return lot;
        line.Wrong(ImportColumn.Lot.Field, ofFile is null ? wrong : new OtherLot(text, ofFile.Name));
        return null;
    }
}
