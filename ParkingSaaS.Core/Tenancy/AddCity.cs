using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Storage;

namespace ParkingSaaS.Core.Tenancy;

/// <summary>A city to be added.</summary>
/// <param name="Code">2–31 lower-case letters, digits and dashes, beginning with a letter.</param>
/// <param name="Name">Name in the city's language.</param>
/// <param name="NameEn">English name.</param>
/// <param name="TimeZone">IANA time zone.</param>
/// <param name="Currency">Code of one of <see cref="Common.Currency.All"/>; it never changes.</param>
/// <param name="HostName">Host name that leads straight to it, or null.</param>
/// <param name="AdminName">Sign-in name of its first administrator.</param>
/// <param name="AdminPassword">That administrator's first password; it must be changed at the first sign-in.</param>
/// <param name="Province">See <see cref="City.Province"/>.</param>
public sealed record NewCity(string Code, string Name, string NameEn, string TimeZone, string Currency, string? HostName,
    string AdminName, string AdminPassword, string? Province = null);

/// <summary>A step of adding a city, in this order.</summary>
public enum CityStep
{
    /// <summary>The row in the control database.</summary>
    Registered,

    /// <summary>The database and its tables.</summary>
    Migrated,

    /// <summary>The first area and administrator.</summary>
    Seeded,

    /// <summary>Open for sign-in.</summary>
    Active
}

/// <summary>The code is taken by another city.</summary>
public sealed record CityExists(string CityCode) : Error("cities.exists", CityCode);

/// <summary>The database could not be made; adding the same city again goes on where it stopped.</summary>
public sealed record CityNotCreated(string Reason) : Error("cities.not-created", Reason);

/// <summary>Adds a city: its row, its database, its first administrator. Each step can be repeated, so a city that failed half
/// way is added again with the same request.</summary>
public sealed partial class AddCity(PlatformSessions platform, CityDatabases databases, CityDirectory directory, Passwords passwords,
    IPasswordHasher<User> hasher, ILookupNormalizer names, ILogger<AddCity> log)
{
    /// <summary>First path segments that are no city.</summary>
    static readonly HashSet<string> Reserved = ["platform", "health", "account", "openapi", "api", "demo-channel", "mqtt", "cities",
        "error", "language", "metrics", "not-found"];

    /// <summary>Adds the city and reports each step when it is done.</summary>
    /// <exception cref="AccessDeniedException">The actor may not manage cities.</exception>
    public async Task<Result<City>> RunAsync(Actor actor, NewCity request, IProgress<CityStep>? progress, CancellationToken ct)
    {
        await using var s = platform.Open(actor, TenancyPermissions.ManageCities);
        if (Invalid(request) is { } invalid)
            return invalid;

        var city = await s.Cities.FindAsync([request.Code], ct);
        if (city is { State: CityState.Active })
            return new CityExists(request.Code);
        if (request.HostName is not null && await s.Cities.AnyAsync(c => c.HostName == request.HostName && c.Code != request.Code, ct))
            return new CityExists(request.HostName);
        if (city is null)
            s.Cities.Add(city = new City
            {
                Code = request.Code,
                Name = request.Name,
                NameEn = request.NameEn,
                TimeZone = request.TimeZone,
                Currency = Currency.Find(request.Currency)!,
                HostName = request.HostName,
                Province = request.Province,
                Database = "city_" + request.Code.Replace('-', '_'),
                CreatedAt = s.Now
            });
        city.State = CityState.Creating;
        await s.SaveAsync(ct);
        progress?.Report(CityStep.Registered);
        try
        {
            await databases.MigrateAsync(city.Database, ct);
            progress?.Report(CityStep.Migrated);
            await SeedAsync(city, request, ct);
            progress?.Report(CityStep.Seeded);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.LogError(e, "City {City} could not be created", city.Code);
            city.State = CityState.Failed;
            city.Failure = e.Message;
            await s.SaveAsync(ct);
            return new CityNotCreated(e.Message);
        }
        city.State = CityState.Active;
        city.Failure = null;
        await s.SaveAsync(ct);
        await directory.RefreshAsync(ct);
        progress?.Report(CityStep.Active);
        return city;
    }

    InvalidField? Invalid(NewCity r) =>
        !CodePattern().IsMatch(r.Code) || Reserved.Contains(r.Code) ? new(nameof(r.Code), "invalid")
        : (Check.Required(nameof(r.Name), r.Name, 64) ?? Check.Required(nameof(r.NameEn), r.NameEn, 64)) is { } name ? name
        : !TimeZoneInfo.TryFindSystemTimeZoneById(r.TimeZone, out _) ? new(nameof(r.TimeZone), "invalid")
        : Currency.Find(r.Currency) is null ? new(nameof(r.Currency), "invalid")
        : r.HostName is not null && Uri.CheckHostName(r.HostName) is not UriHostNameType.Dns ? new(nameof(r.HostName), "invalid")
        : r.Province is not null && !Provinces.Has(r.Province) ? new(nameof(r.Province), "invalid")
        : Check.Required(nameof(r.AdminName), r.AdminName, 64) is { } admin ? admin
        : passwords.Invalid(nameof(r.AdminPassword), r.AdminPassword, r.AdminName, r.Code, r.Name, r.NameEn);

    async Task SeedAsync(City city, NewCity request, CancellationToken ct)
    {
        await using var db = databases.Open(city.Database);
        db.Scope = VisibleScope.City;
        if (!await db.Set<Area>().AnyAsync(ct))
            db.Set<Area>().Add(new Area { Id = Guid.CreateVersion7(), Name = city.Name });
        if (!await db.Set<User>().AnyAsync(ct))
        {
            var admin = new User
            {
                Id = Guid.CreateVersion7(),
                UserName = request.AdminName,
                NormalizedUserName = names.NormalizeName(request.AdminName),
                DisplayName = request.AdminName,
                Role = Roles.City,
                PasswordIsTemporary = true
            };
            admin.PasswordHash = hasher.HashPassword(admin, request.AdminPassword);
            db.Set<User>().Add(admin);
        }
        await db.SaveChangesAsync(ct);
    }

    [GeneratedRegex("^[a-z][a-z0-9-]{1,30}$")]
    private static partial Regex CodePattern();
}
