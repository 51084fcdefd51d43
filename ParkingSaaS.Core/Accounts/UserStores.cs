using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Accounts;

/// <summary>Opens the users of a city, or of the platform, for ASP.NET Core Identity: signing in comes before there is an actor.
/// Nothing but users is handed out.</summary>
public sealed class UserStores(CityDatabases databases, ControlDatabase control)
{
    /// <param name="city">The city, or null for the platform.</param>
    public IUserStore<User> Open(City? city)
    {
        if (city is null)
            return new UserOnlyStore<User, DbContext, Guid>(control.Open());
        var db = databases.Open(city);
        db.Reach = Reach.City;
        return new UserOnlyStore<User, DbContext, Guid>(db);
    }
}
