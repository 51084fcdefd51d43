using Microsoft.Extensions.Logging;
using ParkingSaaS.Core.Storage;

namespace ParkingSaaS.Core.Tenancy;

/// <summary>Brings the control database and those of all cities up to date, and fills the directory of cities: what a program does before it
/// serves anybody.</summary>
public sealed class UpdateDatabases(ControlDatabase control, KeyStore keys, CityDirectory directory, CityDatabases databases, ILogger<UpdateDatabases> log)
{
    /// <summary>Repeating it changes nothing. A city whose tables another version made is left out (<see cref="CityDirectory.Refused"/>).</summary>
    /// <exception cref="StorageSetupException">The database server cannot be used as it is, or the key is another one.</exception>
    public async Task RunAsync(CancellationToken ct)
    {
        await control.MigrateAsync(log, ct);
        keys.RequireOwn();
        await directory.RefreshAsync(ct);
        foreach (var city in directory.Active)
            try
            {
                await databases.MigrateAsync(city.Database, ct);
            }
            catch (OtherTablesException e)
            {
                // The others are not to wait for it.
                directory.Refuse(city.Code, e.Message);
                log.LogError("City {City} is not served. {Why}", city.Code, e.Message);
            }
    }
}
