using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Imports;
using ParkingSaaS.Core.Names;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Lots;

/// <summary>Takes a table of lots, known by their names.</summary>
public sealed class ImportLots(CitySessions sessions, CityNames names) : TableImport(sessions, names)
{
    static readonly ImportColumn Name = new("Name", "Name", Required: true);
    static readonly ImportColumn OfKind = ImportColumn.Of<LotKind>("Kind", required: true);
    static readonly ImportColumn Area = new("AreaId", "Area", Required: true);
    static readonly ImportColumn Capacity = new("Capacity", "Capacity", Required: true);
    static readonly ImportColumn Road = new("RoadId", "Road");
    static readonly ImportColumn Company = new("CompanyId", "Company");
    static readonly ImportColumn Address = new("Address", "Address");
    static readonly ImportColumn Longitude = new("Longitude", "Longitude");
    static readonly ImportColumn Latitude = new("Latitude", "Latitude");
    static readonly ImportColumn OpeningHours = new("OpeningHours", "Opening hours");
    static readonly ImportColumn MinutesToLeave = new("PrepaidMinutesToLeave", "Minutes to leave");

    public override string Kind => "lots";

    public override string Permission => LotPermissions.Manage;

    public override IReadOnlyList<ImportColumn> Columns { get; } =
        [Name, OfKind, Area, Capacity, Road, Company, Address, Longitude, Latitude, OpeningHours, MinutesToLeave];

    protected override async Task EnterAsync(CitySession s, ImportSheet sheet, CancellationToken ct)
    {
        var places = await LotPlaces.LoadAsync(s, ct);
        var written = sheet.Named(Name);
        var known = await s.Db.Set<Lot>().Where(l => l.RetiredAt == null && written.Contains(l.Name)).ToDictionaryAsync(l => l.Name, ct);
        // Names are unique in the whole city, so also among the lots that this actor does not see.
        var taken = (await s.Db.Set<Lot>().IgnoreQueryFilters([CityDb.ScopeFilter]).Where(l => l.RetiredAt == null && written.Contains(l.Name))
            .Select(l => l.Name).ToListAsync(ct)).Except(known.Keys).ToHashSet();
        foreach (var line in sheet.Lines)
        {
            var lot = line.About(Name, known.GetValueOrDefault);
            var before = lot is not null ? LotDetails.Of(lot)
                : new LotDetails { Name = "", Kind = default, AreaId = default, Capacity = 0, CompanyId = s.Actor.Scope.CompanyId };
            var after = Read(line, before, places, sheet);
            line.Once(Name, after.Name);
            if (lot is null && s.Actor.Scope.LotIds.Count > 0)
                line.Wrong("Name", new UnknownName("Name", after.Name));
            else if (lot is null && sheet.ReadAs(after.Name).Append(after.Name).Any(taken.Contains))
                line.Wrong(new InvalidField("Name", "taken"));
            if (after.Kind != before.Kind && lot is not null)
                line.Wrong("Kind", new CannotChange("Kind"));
            if (places.Invalid(after, lot) is { } invalid)
                line.Wrong(invalid);
            if (!line.Ok)
                continue;
            SaveLot.Put(s, after, lot);
            line.Done(after.Name,
                (OfKind, $"{before.Kind}", $"{after.Kind}"),
                (Area, places.NameOfArea(before.AreaId), places.NameOfArea(after.AreaId)),
                (Capacity, before.Capacity, after.Capacity),
                (Road, places.NameOfRoad(before.RoadId), places.NameOfRoad(after.RoadId)),
                (Company, places.NameOfCompany(before.CompanyId), places.NameOfCompany(after.CompanyId)),
                (Address, before.Address, after.Address),
                (Longitude, before.Longitude, after.Longitude),
                (Latitude, before.Latitude, after.Latitude),
                (OpeningHours, before.OpeningHours, after.OpeningHours),
                (MinutesToLeave, before.PrepaidMinutesToLeave, after.PrepaidMinutesToLeave));
        }
    }

    static LotDetails Read(ImportLine line, LotDetails before, LotPlaces places, ImportSheet sheet)
    {
        var (name, kind, area) = (line.Text(Name, before.Name), line.Choose(OfKind, before.Kind),
            line.Read(Area, before.AreaId, before.AreaId, text => places.AreaOf(text, sheet)));
        return before with
        {
            Name = line.IsNew ? name : before.Name, // a lot that is named as it is read is not named anew
            Kind = kind,
            AreaId = area,
            Capacity = line.Whole(Capacity, before.Capacity),
            // Where the area is wrong, nobody knows which roads run through it.
            RoadId = line.IsOk(Area) ? line.Read(Road, before.RoadId, null, text => places.RoadOf(text, area, sheet)) : before.RoadId,
            CompanyId = line.Read(Company, before.CompanyId, null, text => places.CompanyOf(text, sheet)),
            Address = line.Text(Address, before.Address),
            Longitude = line.Number(Longitude, before.Longitude),
            Latitude = line.Number(Latitude, before.Latitude),
            OpeningHours = line.Text(OpeningHours, before.OpeningHours),
            PrepaidMinutesToLeave = line.Whole(MinutesToLeave, before.PrepaidMinutesToLeave)
        };
    }
}
