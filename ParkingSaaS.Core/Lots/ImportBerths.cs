using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Imports;
using ParkingSaaS.Core.Names;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Lots;

/// <summary>Takes a table of berths, known by their numbers in their lot; a line may be about a row of them, <c>A001–A050</c>.</summary>
public sealed class ImportBerths(CitySessions sessions, CityNames names) : TableImport(sessions, names)
{
    static readonly ImportColumn Number = new("Number", "Number", Required: true);
    static readonly ImportColumn Type = ImportColumn.Of<BerthType>("Type");
    static readonly ImportColumn Zone = new("ZoneId", "Zone");
    static readonly ImportColumn Longitude = new("Longitude", "Longitude");
    static readonly ImportColumn Latitude = new("Latitude", "Latitude");

    /// <summary>Rows of berths make many of few lines.</summary>
    const int MaxBerths = 20_000;

    public override string Kind => "berths";

    public override string Permission => LotPermissions.Manage;

    public override IReadOnlyList<ImportColumn> Columns { get; } = [ImportColumn.Lot, Number, Type, Zone, Longitude, Latitude];

    protected override async Task EnterAsync(CitySession s, ImportSheet sheet, CancellationToken ct)
    {
        var lots = await ImportedLots.LoadAsync(s, sheet, ct);
        var known = await s.Db.Set<Berth>().Where(b => lots.Ids.Contains(b.LotId) && b.RetiredAt == null).ToDictionaryAsync(b => (b.LotId, b.Number), ct);
        var zones = await s.Db.Set<LotZone>().AsNoTracking().Where(z => lots.Ids.Contains(z.LotId)).ToListAsync(ct);
        var count = 0;
        foreach (var line in sheet.Lines)
        {
            var lot = lots.Of(line);
            var text = line.Text(Number, "");
            // A berth may be called like a row.
            var there = lot is not null && known.ContainsKey((lot.Id, text));
            if (!(there ? new List<string> { text } : AddBerths.Expand(text)).Try(out var numbers, out var wrong))
                line.Wrong(Number.Field, wrong);
            else if ((count += numbers.Count) > MaxBerths)
                line.Wrong(Number.Field, new TooManyRows(MaxBerths));
            if (line.Ok)
                foreach (var number in numbers!.TakeWhile(_ => line.Ok))
                    Enter(number, lot, line);
            else
                Enter(text, lot, line);
        }

        void Enter(string number, Lot? lot, ImportLine line)
        {
            var berth = lot is null ? null : known.GetValueOrDefault((lot.Id, number));
            line.IsNew = berth is null;
            var before = berth is not null ? BerthDetails.Of(berth) : new BerthDetails(Guid.CreateVersion7(), number, default, null, null);
            var after = before with
            {
                Type = line.Choose(Type, before.Type),
                ZoneId = lot is null ? null : line.Read<Guid?>(Zone, before.ZoneId, null, text =>
                    sheet.Find(Zone.Field, text, name => zones.Find(z => z.LotId == lot.Id && z.Name == name)).Try(out var zone, out var wrong)
                        ? zone.Id : wrong),
                Longitude = line.Number(Longitude, before.Longitude),
                Latitude = line.Number(Latitude, before.Latitude)
            };
            if (ChangeBerth.Invalid(after) is { } invalid)
                line.Wrong(invalid);
            if (lot is null)
                return;
            line.Once(Number, (lot.Id, number));
            if (!line.Ok)
                return;
            line.Done($"{lot.Name} · {number}",
                (Type, $"{before.Type}", $"{after.Type}"),
                (Zone, NameOf(before.ZoneId), NameOf(after.ZoneId)),
                (Longitude, before.Longitude, after.Longitude),
                (Latitude, before.Latitude, after.Latitude));
            if (berth is null)
                s.Db.Add(berth = new Berth { Id = after.Id, LotId = lot.Id, Number = number });
            (berth.Type, berth.ZoneId, berth.Longitude, berth.Latitude) = (after.Type, after.ZoneId, after.Longitude, after.Latitude);
        }

        string NameOf(Guid? zoneId) => zones.Find(z => z.Id == zoneId)?.Name ?? "";
    }
}
