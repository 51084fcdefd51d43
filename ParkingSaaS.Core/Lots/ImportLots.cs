using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Imports;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Lots;

/// <summary>Takes a table of lots, known by their names.</summary>
public sealed class ImportLots(CitySessions sessions) : TableImport(sessions)
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
        var names = sheet.Named(Name);
        var known = await s.Db.Set<Lot>().Where(l => l.RetiredAt == null && names.Contains(l.Name)).ToDictionaryAsync(l => l.Name, ct);
        // Names are unique in the whole city, so also among the lots that this actor does not see.
        var taken = (await s.Db.Set<Lot>().IgnoreQueryFilters([CityDb.ScopeFilter]).Where(l => l.RetiredAt == null && names.Contains(l.Name))
            .Select(l => l.Name).ToListAsync(ct)).Except(known.Keys).ToHashSet();
        foreach (var line in sheet.Lines)
        {
            var lot = known.GetValueOrDefault(line[Name]);
            line.IsNew = lot is null;
            var before = lot is not null ? LotDetails.Of(lot)
                : new LotDetails { Name = "", Kind = default, AreaId = default, Capacity = 0, CompanyId = s.Actor.Scope.CompanyId };
            var after = Read(line, before, places);
            line.Once(Name, after.Name);
            if (lot is null && s.Actor.Scope.LotIds.Count > 0)
                line.Wrong("Name", new UnknownName("Name", after.Name));
            else if (taken.Contains(after.Name))
                line.Wrong(new InvalidField("Name", "taken"));
            else if (after.Kind != before.Kind && lot is not null)
                line.Wrong("Kind", new CannotChange("Kind"));
            else if (line.Ok && places.Invalid(after, lot) is { } invalid)
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

    static LotDetails Read(ImportLine line, LotDetails before, LotPlaces places)
    {
        var (name, kind, area) = (line.Text(Name, before.Name), line.Choose(OfKind, before.Kind), line.Read(Area, before.AreaId, before.AreaId, places.AreaOf));
        return before with
        {
            Name = name,
            Kind = kind,
            AreaId = area,
            Capacity = line.Whole(Capacity, before.Capacity),
            // Where the area is wrong, nobody knows which roads run through it.
            RoadId = line.Ok ? line.Read(Road, before.RoadId, null, text => places.RoadOf(text, area)) : before.RoadId,
            CompanyId = line.Read(Company, before.CompanyId, null, places.CompanyOf),
            Address = line.Text(Address, before.Address),
            Longitude = line.Number(Longitude, before.Longitude),
            Latitude = line.Number(Latitude, before.Latitude),
            OpeningHours = line.Text(OpeningHours, before.OpeningHours),
            PrepaidMinutesToLeave = line.Whole(MinutesToLeave, before.PrepaidMinutesToLeave)
        };
    }
}
