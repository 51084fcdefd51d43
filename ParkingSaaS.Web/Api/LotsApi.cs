using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Web.Lots;

namespace ParkingSaaS.Web.Api;

/// <summary>Lots for partners, with the places left now.</summary>
static class LotsApi
{
    public static async Task<IResult> ListAsync(ApiCaller caller, CitySessions sessions, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(caller.Actor, LotPermissions.View, ct);
        return Results.Json(new ApiLots(await LotRow.Of(s, retired: false).OrderBy(l => l.Name).ThenBy(l => l.Id)
            .Select(l => new ApiLot(l.Id, l.Name, l.Kind, l.Capacity, l.Parked, l.Free)).ToListAsync(ct)));
    }
}

/// <summary>The lots in use, by name.</summary>
sealed record ApiLots(IReadOnlyList<ApiLot> Items);

/// <param name="Kind">What kind of place it is.</param>
/// <param name="Capacity">How many cars it holds.</param>
/// <param name="Occupied">How many are in.</param>
/// <param name="Free">How many places are left, never below zero.</param>
sealed record ApiLot(Guid Id, string Name, LotKind Kind, int Capacity, int Occupied, int Free);
