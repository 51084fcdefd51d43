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

    ImportedLots(List<Lot> lots, Guid? ofFile) =>
        (byName, this.ofFile) = (lots.ToDictionary(l => l.Name), lots.Find(l => l.Id == ofFile));

    /// <summary>Their ids.</summary>
    public Guid[] Ids => [.. byName.Values.Select(l => l.Id)];

    public static async Task<ImportedLots> LoadAsync(CitySession s, ImportSheet sheet, CancellationToken ct)
    {
        var names = sheet.Named(ImportColumn.Lot);
        var lots = s.Db.Set<Lot>().AsNoTracking().Where(l => l.RetiredAt == null);
        lots = sheet.LotId is { } id ? lots.Where(l => l.Id == id) : lots.Where(l => names.Contains(l.Name));
        return new(await lots.ToListAsync(ct), sheet.LotId);
    }

    /// <summary>The lot of a line; null where that is wrong, which the line then says.</summary>
    public Lot? Of(ImportLine line)
    {
        var text = line[ImportColumn.Lot];
        var lot = text.Length == 0 ? ofFile : byName.GetValueOrDefault(text);
        if (lot is null)
            line.Wrong(ImportColumn.Lot.Field, text.Length == 0 ? new InvalidField(ImportColumn.Lot.Field, "required")
                : ofFile is not null ? new OtherLot(text, ofFile.Name) : new UnknownName(ImportColumn.Lot.Field, text));
        return lot;
    }
}
