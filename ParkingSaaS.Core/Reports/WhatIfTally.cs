using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tariffs;

namespace ParkingSaaS.Core.Reports;

sealed class WhatIfTally(CityZone zone)
{
    readonly Dictionary<ReplayedLot, WhatIfSum> lots = [];
    readonly WhatIfSum[] vehicles = new WhatIfSum[Enum.GetValues<VehicleKind>().Length];
    readonly WhatIfSum[] hours = new WhatIfSum[24];
    readonly SortedSet<WhatIfOrder> cheaper = new(ByDifference);
    readonly SortedSet<WhatIfOrder> dearer = new(ByDifference);
    int free;
    int noFee;

    static readonly Comparer<WhatIfOrder> ByDifference = Comparer<WhatIfOrder>.Create((a, b) =>
        (b.Size, a.Id).CompareTo((a.Size, b.Id)));

    public int Seen { get; private set; }

    public void Add(in ReplayedOrder order, long? now)
    {
        Seen++;
        if (now is not { } fee)
        {
            noFee++;
            return;
        }
        free += order.Free ? 1 : 0;
        var sum = new WhatIfSum(1, new Money(order.Then), new Money(fee), fee < order.Then ? 1 : 0, fee > order.Then ? 1 : 0);
        lots[order.Lot] = lots.GetValueOrDefault(order.Lot) + sum;
        vehicles[(int)order.Stay.Vehicle] += sum;
        hours[zone.Local(order.Stay.Entry).Hour] += sum;
        if (fee == order.Then)
            return;
        var list = fee < order.Then ? cheaper : dearer;
        if (list.Count == WhatIf.Listed && list.Max!.Size > Math.Abs(fee - order.Then))
            return;
        Keep(list, new WhatIfOrder(order.Id, order.Plate, order.Lot.Name, order.Stay.Entry, order.Exit, new Money(order.Then), new Money(fee)));
    }

    static void Keep(SortedSet<WhatIfOrder> list, WhatIfOrder order)
    {
        list.Add(order);
        if (list.Count > WhatIf.Listed)
            list.Remove(list.Max!);
    }

    public void Add(WhatIfTally other)
    {
        (Seen, free, noFee) = (Seen + other.Seen, free + other.free, noFee + other.noFee);
        foreach (var (lot, sum) in other.lots)
            lots[lot] = lots.GetValueOrDefault(lot) + sum;
        for (var i = 0; i < vehicles.Length; i++)
            vehicles[i] += other.vehicles[i];
        for (var i = 0; i < hours.Length; i++)
            hours[i] += other.hours[i];
        foreach (var order in other.cheaper)
            Keep(cheaper, order);
        foreach (var order in other.dearer)
            Keep(dearer, order);
    }

    public WhatIfResult Result(DateTimeOffset at, int voided, int unresolved, int parked) => new(at,
        lots.Values.Aggregate(default(WhatIfSum), (sum, next) => sum + next),
        [.. lots.OrderBy(l => l.Key.Name, StringComparer.Ordinal).ThenBy(l => l.Key.Id).Select(l => new WhatIfLot(l.Key.Id, l.Key.Name, l.Value))],
        [.. vehicles.Select((sum, kind) => ((VehicleKind)kind, sum)).Where(v => v.sum.Orders > 0)], hours,
        [.. cheaper], [.. dearer], free, voided, unresolved, parked, noFee);
}
