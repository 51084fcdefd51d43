using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Imports;
using ParkingSaaS.Core.Names;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Lots;

/// <summary>Takes a table of lanes, known by their names in their lot.</summary>
public sealed class ImportLanes(CitySessions sessions, CityNames names) : TableImport(sessions, names)
{
    static readonly ImportColumn Name = new("Name", "Name", Required: true);
    static readonly ImportColumn Direction = ImportColumn.Of<LaneDirection>("Direction", required: true);

    public override string Kind => "lanes";

    public override string Permission => LotPermissions.Manage;

    public override IReadOnlyList<ImportColumn> Columns { get; } = [ImportColumn.Lot, Name, Direction];

    protected override async Task EnterAsync(CitySession s, ImportSheet sheet, CancellationToken ct)
    {
        var lots = await ImportedLots.LoadAsync(s, sheet, ct);
        var known = await s.Db.Set<Lane>().Where(l => lots.Ids.Contains(l.LotId) && l.RetiredAt == null).ToDictionaryAsync(l => (l.LotId, l.Name), ct);
        foreach (var line in sheet.Lines)
        {
            var lot = lots.Of(line);
            var lane = line.About(Name, name => lot is null ? null : known.GetValueOrDefault((lot.Id, name)));
            var (name, direction) = (line.Text(Name, ""), line.Choose(Direction, lane?.Direction ?? default));
            var after = new LaneDetails(lot?.Id ?? default, lane?.Id, lane?.Name ?? name, direction);
            if (SaveLane.Invalid(after) is { } invalid)
                line.Wrong(invalid);
            if (lot is null)
                continue;
            line.Once(Name, (lot.Id, after.Name));
            if (!lot.Gated)
                line.Wrong(ImportColumn.Lot.Field, new NoLanesOnStreet());
            if (!line.Ok)
                continue;
            line.Done($"{lot.Name} · {after.Name}", (Direction, $"{lane?.Direction}", $"{after.Direction}"));
            if (lane is null)
                s.Db.Add(lane = new Lane { Id = Guid.CreateVersion7(), LotId = lot.Id, Name = after.Name, Direction = after.Direction });
            lane.Direction = after.Direction;
        }
    }
}
