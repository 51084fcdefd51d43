using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Imports;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Names;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Devices;

/// <summary>Takes a table of devices, known by the names with which they sign in. Each new one gets a secret.</summary>
public sealed class ImportDevices(CitySessions sessions, CityNames names, LiveFeed live) : TableImport(sessions, names)
{
    static readonly ImportColumn Name = new("Name", "Name", Required: true);
    static readonly ImportColumn OfKind = ImportColumn.Of<DeviceKind>("Kind", required: true);
    static readonly ImportColumn Place = new("Place", "Lane or berth", Required: true);
    static readonly ImportColumn Dialect = new("Dialect", "Protocol")
    {
        Codes = [.. Enum.GetValues<DeviceKind>().SelectMany(DeviceDialect.For).Distinct()],
        Prefix = "dialect."
    };

    public override string Kind => "devices";

    public override string Permission => DevicePermissions.Manage;

    public override IReadOnlyList<ImportColumn> Columns { get; } = [ImportColumn.Lot, Name, OfKind, Place, Dialect];

    protected override async Task EnterAsync(CitySession s, ImportSheet sheet, CancellationToken ct)
    {
        var lots = await ImportedLots.LoadAsync(s, sheet, ct);
        var lanes = await s.Db.Set<Lane>().AsNoTracking().Where(l => lots.Ids.Contains(l.LotId) && l.RetiredAt == null)
            .ToDictionaryAsync(l => (l.LotId, l.Name), ct);
        var numbers = sheet.Named(Place);
        var written = sheet.Named(Name);
        var known = await s.Db.Set<Device>().Where(d => d.RetiredAt == null && written.Contains(d.Name)).ToDictionaryAsync(d => d.Name, ct);
        var berthsNow = known.Values.Select(d => d.BerthId).ToArray();
        var berths = await s.Db.Set<Berth>().AsNoTracking()
            .Where(b => lots.Ids.Contains(b.LotId) && b.RetiredAt == null && (numbers.Contains(b.Number) || berthsNow.Contains(b.Id)))
            .ToDictionaryAsync(b => (b.LotId, b.Number), ct);
        // The name is the sign-in, so it must also differ from devices out of use and out of the actor's reach.
        var taken = (await s.Db.Set<Device>().IgnoreQueryFilters([CityDb.ScopeFilter]).Where(d => written.Contains(d.Name)).Select(d => d.Name).ToListAsync(ct))
            .Except(known.Keys).ToHashSet();
        var notices = new List<LiveNotice>();
        foreach (var line in sheet.Lines)
            Enter(line);
        sheet.Saved = () => live.Publish(s.City.Code, notices);

        void Enter(ImportLine line)
        {
            var lot = lots.Of(line);
            var device = known.GetValueOrDefault(line[Name]);
            line.IsNew = device is null;
            var (name, kind) = (line.Text(Name, device?.Name ?? ""), line.Choose(OfKind, device?.Kind ?? default));
            var dialect = line.Choose(Dialect, device?.Dialect ?? DeviceDialect.Standard);
            line.Once(Name, name);
            if (taken.Contains(name))
                line.Wrong(new InvalidField("Name", "taken"));
            if (lot is not null && device is not null && device.LotId != lot.Id)
                line.Wrong(ImportColumn.Lot.Field, new CannotChange(ImportColumn.Lot.Field));
            if (device is not null && device.Dialect != dialect)
                line.Wrong("Dialect", new CannotChange("Dialect"));
            if (AddDevice.InvalidName(name) is { } invalid)
                line.Wrong(invalid);
            if (line.IsOk(OfKind) && !DeviceDialect.For(kind).Contains(dialect))
                line.Wrong(new InvalidField("Dialect", "invalid"));
            // Where lot or kind are wrong, nobody knows which places there are.
            var placed = lot is not null && line.IsOk(ImportColumn.Lot) && line.IsOk(OfKind);
            var place = placed ? PlaceOf(line, lot!, kind, device) : default;
            if (!placed)
                line.Text(Place, "");
            if (lot is null || !line.Ok)
                return;
            line.Done(name,
                (ImportColumn.Lot, device is null ? "" : lot.Name, lot.Name),
                (OfKind, $"{device?.Kind}", $"{kind}"),
                (Place, device is null ? "" : NameOf(device.LaneId, device.BerthId), NameOf(place.LaneId, place.BerthId)),
                (Dialect, device?.Dialect, dialect));
            if (device is null)
                s.Db.Add(device = Made(lot, name, kind, dialect));
            else if ((device.Kind, device.LaneId, device.BerthId) == (kind, place.LaneId, place.BerthId))
                return;
            (device.Kind, device.LaneId, device.BerthId) = (kind, place.LaneId, place.BerthId);
            notices.Add(new(LiveKind.Device, lot.Id, device.Id));
        }

        (Guid? LaneId, Guid? BerthId) PlaceOf(ImportLine line, Lot lot, DeviceKind kind, Device? device)
        {
            var before = kind.AtLane() ? (device?.LaneId, null) : (default(Guid?), device?.BerthId);
            var place = line.Read(Place, before, before, text =>
                !kind.AtLane() ? berths.TryGetValue((lot.Id, text), out var berth) ? (null, berth.Id) : new UnknownName("BerthId", text)
                : sheet.Find("LaneId", text, name => lanes.GetValueOrDefault((lot.Id, name))).Try(out var lane, out var wrong) ? (lane.Id, null) : wrong);
            if (line.IsOk(Place) && place is (null, null))
                line.Wrong(new InvalidField(Place.Field, "required"));
            // Also where the lane stays and the kind changes.
            else if (line.IsOk(Place) && kind.AtLane() && (device?.Kind, device?.LaneId) != (kind, place.Item1)
                && !lanes.Values.Any(l => l.Id == place.Item1 && kind.Suits(l.Direction)))
                line.Wrong(Place.Field, new InvalidField("LaneId", "invalid"));
            return place;
        }

        string NameOf(Guid? laneId, Guid? berthId) =>
            lanes.Values.FirstOrDefault(l => l.Id == laneId)?.Name ?? berths.Values.FirstOrDefault(b => b.Id == berthId)?.Number ?? "";

        Device Made(Lot lot, string name, DeviceKind kind, string dialect)
        {
            var secret = Secret.Generate();
            sheet.Secrets.Add(new($"{s.City.Code}/{name}", secret));
            return new()
            {
                Id = Guid.CreateVersion7(),
                LotId = lot.Id,
                Name = name,
                Kind = kind,
                Dialect = dialect,
                SecretHash = Secret.Hash(secret)
            };
        }
    }
}
