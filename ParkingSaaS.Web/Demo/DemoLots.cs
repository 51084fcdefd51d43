using System.Security.Cryptography;
using System.Text;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Web.Demo;

/// <summary>The lots of the demo, with their zones, lanes, berths and devices.</summary>
static class DemoLots
{
    /// <summary>Adds what is missing of a lot; its devices get new secrets.</summary>
    public static async Task<DemoFileLot> AddAsync(CitySession s, DemoLot plan, Guid area, Guid? road, Guid company, CancellationToken ct)
    {
        var lot = await s.EnsureAsync(l => l.Name == plan.Name && l.RetiredAt == null, () => new Lot
        {
            Id = Guid.CreateVersion7(),
            Name = plan.Name,
            Kind = plan.Kind,
            AreaId = area,
            RoadId = road,
            CompanyId = company,
            Address = plan.Address,
            Longitude = plan.Longitude,
            Latitude = plan.Latitude,
            Capacity = plan.Capacity,
            OpeningHours = "00:00–24:00"
        }, ct);
        await s.EnsureAsync(p => p.LotId == lot.Id, () => new LotPhoto
        {
            Id = Guid.CreateVersion7(),
            LotId = lot.Id,
            Caption = "示意图",
            ContentType = "image/png",
            Content = DemoPhoto.Draw(plan.Kind)
        }, ct);
        var zones = new List<LotZone>();
        for (var i = 0; i < plan.Zones.Length; i++)
        {
            var (name, capacity) = plan.Zones[i];
            var rank = i + 1;
            zones.Add(await s.EnsureAsync(z => z.LotId == lot.Id && z.Name == name,
                () => new LotZone { Id = Guid.CreateVersion7(), LotId = lot.Id, Name = name, Capacity = capacity, Rank = rank }, ct));
        }
        var devices = new List<DemoDevice>();
        for (var i = 0; i < plan.Lanes.Length; i++)
            await LaneAsync(i + 1, plan.Lanes[i].Name, plan.Lanes[i].Direction);
        for (var i = 1; plan.Kind is LotKind.OnStreet && i <= plan.Capacity; i++)
            await BerthAsync(i);
        return new DemoFileLot(lot.Id, lot.Name, lot.Kind, plan.Simulated,
            // The last gate is the one a car leaves by, and the one that money holds.
            devices.GroupBy(d => d.Kind).ToDictionary(g => g.Key, g => g.Last()), devices);

        async Task LaneAsync(int number, string name, LaneDirection direction)
        {
            var lane = await s.EnsureAsync(l => l.LotId == lot.Id && l.Name == name && l.RetiredAt == null,
                () => new Lane { Id = Guid.CreateVersion7(), LotId = lot.Id, Name = name, Direction = direction }, ct);
            if (direction is not LaneDirection.Exit)
                await CameraAsync(DeviceKind.EntryCamera, "in");
            if (direction is not LaneDirection.Entry)
                await CameraAsync(DeviceKind.ExitCamera, "out");
            await DeviceAsync(DeviceKind.Gate, $"{plan.Key}-{number}-gate", "standard");

            Task CameraAsync(DeviceKind kind, string way) => DeviceAsync(kind,
                plan.CameraDialect == "standard" ? $"{plan.Key}-{number}-{way}" : SerialNumber(s.City.Code, plan.Key, number, way), plan.CameraDialect);

            async Task DeviceAsync(DeviceKind kind, string deviceName, string dialect) =>
                devices.Add(await EnsureDeviceAsync(s, lot.Id, kind, deviceName, dialect, lane, null, ct));
        }

        async Task BerthAsync(int number)
        {
            var painted = $"{number:000}";
            var berth = await s.EnsureAsync(b => b.LotId == lot.Id && b.Number == painted && b.RetiredAt == null, () => new Berth
            {
                Id = Guid.CreateVersion7(),
                LotId = lot.Id,
                Number = painted,
                ZoneId = zones.Count == 0 ? null : zones[(number - 1) * zones.Count / plan.Capacity].Id,
                // Some six metres of kerb each.
                Longitude = plan.Longitude + number * 0.00006,
                Latitude = plan.Latitude,
                Type = number == 1 ? BerthType.Accessible : number == 2 ? BerthType.Charging : BerthType.Standard
            }, ct);
            devices.Add(await EnsureDeviceAsync(s, lot.Id, DeviceKind.BerthSensor, $"{plan.Key}-{painted}", "standard", null, berth, ct));
        }
    }

    /// <summary>Vendors name their topics by serial number: two groups of eight hexadecimal digits.</summary>
    static string SerialNumber(string city, string lot, int lane, string way)
    {
        var digits = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{city}/{lot}/{lane}/{way}")));
        return $"{digits[..8]}-{digits[8..16]}";
    }

    static async Task<DemoDevice> EnsureDeviceAsync(CitySession s, Guid lot, DeviceKind kind, string name, string dialect, Lane? lane,
        Berth? berth, CancellationToken ct)
    {
        var secret = Secret.Generate();
        var device = await s.EnsureAsync(d => d.Name == name, () => new Device
        {
            Id = Guid.CreateVersion7(),
            LotId = lot,
            Name = name,
            Kind = kind,
            Dialect = dialect,
            LaneId = lane?.Id,
            BerthId = berth?.Id,
            SecretHash = ""
        }, ct);
        device.SecretHash = Secret.Hash(secret);
        return new DemoDevice(kind, dialect, $"{s.City.Code}/{name}", secret, name, lane?.Name, berth?.Number);
    }
}
