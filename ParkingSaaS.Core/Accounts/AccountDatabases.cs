using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Accounts;

/// <summary>Opens the accounts of a city or of the platform, which have the same tables: signing in comes before there is an actor, and
/// people do to their own account what no permission is needed for.</summary>
public sealed class AccountDatabases(CityDatabases databases, CityDirectory cities, ControlDatabase control)
{
    /// <param name="city">The code of the city, or null for the platform.</param>
    /// <exception cref="KeyNotFoundException">There is no such city, or it is not active.</exception>
    internal DbContext Open(string? city)
    {
        if (city is null)
            return control.Open();
        var db = databases.Open(cities.Get(city).Database);
        db.Scope = VisibleScope.City;
        return db;
    }
}
